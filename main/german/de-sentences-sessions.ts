/** Why a session did not begin or has ended, and what a window that shows one says itself; see `de-sentences.ts`. */
export const SESSIONS_DE: Readonly<Record<string, string>> = {
  // What guacd says of a machine.
  'The session on {machine} ended: {reason}.': 'Die Sitzung auf {machine} ist beendet: {reason}.',
  '{reason} (guacd: “{said}”)': '{reason} (guacd: „{said}“)',
  'guacd failed inside': 'guacd ist innen gescheitert',
  'the server is busy': 'der Server ist ausgelastet',
  'the machine did not answer in time': 'der Rechner hat nicht rechtzeitig geantwortet',
  'the machine reported an error': 'der Rechner hat einen Fehler gemeldet',
  'what was asked for is not supported': 'das Verlangte wird nicht unterstützt',
  'the machine was not found, or nothing listens there':
    'der Rechner wurde nicht gefunden, oder dort lauscht nichts',
  'the machine was not found, nothing listens there, or it refused the password':
    'der Rechner wurde nicht gefunden, dort lauscht nichts, oder er hat das Passwort abgelehnt',
  'the machine refuses connections': 'der Rechner lehnt Verbindungen ab',
  'the session collided with another one on the machine':
    'die Sitzung stieß mit einer anderen auf dem Rechner zusammen',
  'the session ended because nothing happened for too long': 'es geschah zu lange nichts',
  'the session was closed by the machine': 'der Rechner hat die Sitzung geschlossen',
  'the machine refused the user name or the password':
    'der Rechner hat Benutzernamen oder Passwort abgelehnt',
  'the machine does not allow this user in': 'der Rechner lässt diesen Benutzer nicht herein',
  'too many connections are open': 'es sind zu viele Verbindungen offen',
  'The session on {machine} ended: the machine wants another kind of security than it was asked for.':
    'Die Sitzung auf {machine} ist beendet: Der Rechner will eine andere Art von Sicherheit, als verlangt wurde.',
  'Set “security” {place} to what the machine takes: nla, tls or rdp.':
    'Setzen Sie „security“ {place} auf das, was der Rechner nimmt: nla, tls oder rdp.',
  'The session on {machine} ended before the machine showed anything: it was not found, or it refused.':
    'Die Sitzung auf {machine} endete, bevor der Rechner etwas zeigte: Er wurde nicht gefunden, oder er hat abgelehnt.',
  'The log of the outpost has guacd’s own words.': 'guacds eigene Worte stehen im Protokoll des Outposts.',
  'Check the machine’s name and host key {place}.':
    'Prüfen Sie Namen und Host-Schlüssel des Rechners {place}.',
  'Check its address and port {place}, that it runs, and the firewalls on the way.':
    'Prüfen Sie Adresse und Port {place}, ob sie läuft, und die Firewalls unterwegs.',
  'Check the user name and the password or key {login}.':
    'Prüfen Sie Benutzernamen und Passwort oder Schlüssel, {login}.',
  'on the Machines page': 'auf der Seite „Rechner“',
  'in authentik': 'wie sie in authentik stehen',
  'that were typed, or that the vault keeps for it':
    'wie sie eingegeben wurden oder im Tresor für sie aufbewahrt sind',

  // guacd, and the outpost itself.
  'Open the session again; if this comes back, look at guacd’s output in the log.':
    'Öffnen Sie die Sitzung neu; wenn das wiederkommt, sehen Sie die Ausgabe von guacd im Protokoll an.',
  'There is nothing to see of that session.': 'Von dieser Sitzung ist nichts zu sehen.',
  'Wait until it is live; a view of another session cannot be watched.':
    'Warten Sie, bis sie läuft; eine Ansicht einer anderen Sitzung lässt sich nicht ansehen.',
  'There is no session {id}.': 'Es gibt keine Sitzung {id}.',
  'It may have ended already; see the list of sessions.':
    'Sie ist vielleicht schon beendet; sehen Sie in die Liste der Sitzungen.',
  'There is no machine {id}.': 'Es gibt keinen Rechner {id}.',

  // The window.
  'The machine sent a picture that cannot be shown.':
    'Der Rechner hat ein Bild gesendet, das sich nicht zeigen lässt.',
  'The file could not be read any more.': 'Die Datei ließ sich nicht mehr lesen.',
  'Is it still there, unchanged?': 'Ist sie noch da, unverändert?',
  'Then send it again.': 'Dann senden Sie sie noch einmal.',
  'The machine does not allow it.': 'Der Rechner erlaubt es nicht.',
  'Has this user the right to read or write there?':
    'Hat dieser Benutzer das Recht, dort zu lesen oder zu schreiben?',
  'There is no such file or folder on the machine any more.':
    'Diese Datei oder diesen Ordner gibt es auf dem Rechner nicht mehr.',
  'This session takes no files.': 'Diese Sitzung nimmt keine Dateien an.',
  'For SSH, switch SFTP on for the machine; for RDP, a drive.':
    'Schalten Sie für SSH SFTP für den Rechner ein, für RDP ein Laufwerk.',
  'The machine refused the file (status 0x{status}).':
    'Der Rechner hat die Datei abgelehnt (Status 0x{status}).',
  'It said: {said}.': 'Sie sagte: {said}.',
  'The machine did not hand out the file.': 'Der Rechner hat die Datei nicht herausgegeben.',
  'Has this user the right to read it?': 'Hat dieser Benutzer das Recht, sie zu lesen?',
};
