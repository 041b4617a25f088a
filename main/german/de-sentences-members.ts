/** What a service says to the members of its group; see `de-sentences.ts`. */
export const MEMBERS_DE: Readonly<Record<string, string>> = {
  'Sessions cannot be opened just now: guacd is not ready.':
    'Gerade können keine Sitzungen geöffnet werden: guacd ist nicht bereit.',
  'The outpost does not reach authentik.': 'Der Outpost erreicht authentik nicht.',
  'authentik does not take this outpost.': 'authentik nimmt diesen Outpost nicht an.',
  'Ask the admin of this host, who is told why.':
    'Fragen Sie den Admin dieses Rechners; ihm wird der Grund gesagt.',
  '“{method}” is for the admin of this outpost alone.':
    '„{method}“ ist allein für den Admin dieses Outposts.',
  'Ask them, or use the `sallyport` command as the user that the outpost runs as.':
    'Fragen Sie ihn, oder verwenden Sie den Befehl `sallyport` als der Benutzer, unter dem der Outpost läuft.',
  'You have asked for {asked} sessions within {seconds} s, and may ask for no more.':
    'Sie haben innerhalb von {seconds} s {asked} Sitzungen verlangt und dürfen nicht noch mehr verlangen.',
  'Wait a minute, then try again.': 'Warten Sie eine Minute, und versuchen Sie es dann noch einmal.',
};
