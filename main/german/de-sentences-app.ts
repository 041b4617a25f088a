/** What the desktop app itself says where something fails, in German; see `de-sentences.ts`. */
export const APP_DE: Readonly<Record<string, string>> = {
  'The outpost is not running.': 'Der Outpost läuft nicht.',
  'It is started again in a moment; its failure is shown above.':
    'Er wird gleich wieder gestartet; woran es lag, steht oben.',
  'The outpost ended unexpectedly.': 'Der Outpost hat sich unerwartet beendet.',
  'The outpost ended unexpectedly (code {count}).': 'Der Outpost hat sich unerwartet beendet (Code {count}).',
  'Sessions that ended with it: {count}.': 'Sitzungen, die mit ihm endeten: {count}.',
  'Its log says what it did last.': 'Sein Protokoll sagt, was er zuletzt getan hat.',
  'The service that runs the outpost has ended.': 'Der Dienst, der den Outpost ausführt, hat sich beendet.',
  'The outpost’s service does not answer any more.': 'Der Dienst des Outposts antwortet nicht mehr.',
  'Ask the admin of this host to start it, then start this app again.':
    'Bitten Sie die Administration dieses Rechners, ihn zu starten, und starten Sie dann diese App neu.',
  'The outpost runs as a service that Sallyport has not started.':
    'Der Outpost läuft als Dienst, den Sallyport nicht gestartet hat.',
  'Restart the service, such as with `systemctl restart sallyport`.':
    'Starten Sie den Dienst neu, etwa mit `systemctl restart sallyport`.',
  'Practice ended unexpectedly.': 'Die Übung hat sich unerwartet beendet.',
  'Practice did not start within a minute.': 'Die Übung ist nicht innerhalb einer Minute gestartet.',
  'The window was closed.': 'Das Fenster wurde geschlossen.',
  '{count} session windows are open already.': 'Es sind schon {count} Sitzungsfenster offen.',
  'Close one of them first.': 'Schließen Sie zuerst eines davon.',
  'This window is saving {count} files already.': 'Dieses Fenster speichert schon {count} Dateien.',
  'Wait until one of them is done.': 'Warten Sie, bis eine davon fertig ist.',
  'There is no room for “{name}”.': 'Für „{name}“ ist kein Platz.',
  'Free some space or choose another folder, and save it again.':
    'Schaffen Sie Platz oder wählen Sie einen anderen Ordner, und speichern Sie noch einmal.',
  '“{name}” could not be written there.': '„{name}“ ließ sich dort nicht schreiben.',
  'Choose a folder that you may write to, and save it again.':
    'Wählen Sie einen Ordner, in den Sie schreiben dürfen, und speichern Sie noch einmal.',
  'The log folder {path} could not be opened.': 'Der Protokollordner {path} ließ sich nicht öffnen.',
  'The pasted token is not kept any longer.': 'Das eingefügte Token wird nicht mehr aufbewahrt.',
  'Paste the snippet again.': 'Fügen Sie den Ausschnitt noch einmal ein.',
  'There is no address to open for that yet.': 'Dafür gibt es noch keine Adresse.',
  'It is known when an address of authentik is set, with https.':
    'Sie ist bekannt, sobald eine Adresse von authentik mit https eingestellt ist.',
  'The connection to the outpost was lost.': 'Die Verbindung zum Outpost ist verloren.',
  'Connect again: the outpost keeps the session for a while.':
    'Verbinden Sie sich neu: Der Outpost hält die Sitzung eine Weile.',

  // How the secrets of the outpost are kept.
  'The system has no keychain that protects anything.':
    'Das System hat keinen Schlüsselbund, der etwas schützt.',
  'Use a passphrase or a key file; on Linux, GNOME Keyring or KWallet would be one.':
    'Nehmen Sie eine Passphrase oder eine Schlüsseldatei; unter Linux wäre GNOME Keyring oder KWallet einer.',
  'The system’s keychain does not give the key of this vault.':
    'Der Schlüsselbund des Systems gibt den Schlüssel dieses Tresors nicht her.',
  'Unlock the keychain of the person who made the vault, and use the app under that name.':
    'Entsperren Sie den Schlüsselbund der Person, die den Tresor angelegt hat, und verwenden Sie die App unter ihrem Namen.',
  'The system’s keychain does not open the key of the outpost’s secrets.':
    'Der Schlüsselbund des Systems öffnet den Schlüssel der Geheimnisse des Outposts nicht.',
  'Unlock the keychain and start Sallyport again, or choose anew how secrets are kept.':
    'Entsperren Sie den Schlüsselbund und starten Sie Sallyport neu, oder wählen Sie neu, wie Geheimnisse aufbewahrt werden.',
  'The file with the wrapped key is damaged or from a newer Sallyport.':
    'Die Datei mit dem verschlüsselten Schlüssel ist beschädigt oder von einem neueren Sallyport.',
  'Bring it back from a backup, or choose anew how secrets are kept and give the token again.':
    'Holen Sie sie aus einer Sicherung zurück, oder wählen Sie neu, wie Geheimnisse aufbewahrt werden, und geben Sie das Token noch einmal.',
  'That is not the passphrase.': 'Das ist nicht die Passphrase.',
  'Try again; if it is lost, use a key file and give the token anew.':
    'Versuchen Sie es noch einmal; ist sie verloren, nehmen Sie eine Schlüsseldatei und geben das Token neu.',
  'The key is handed in by whoever starts Sallyport.': 'Den Schlüssel reicht herein, wer Sallyport startet.',
  'Take SALLYPORT_KEY out of its environment to keep the key here.':
    'Nehmen Sie SALLYPORT_KEY aus seiner Umgebung, um den Schlüssel hier aufzubewahren.',
};
