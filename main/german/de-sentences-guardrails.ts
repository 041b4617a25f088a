/** What the core says of guardrails, in German; see `de-sentences.ts`. What is wrong with a rule follows a field's name. */
export const GUARDRAILS_DE: Readonly<Record<string, string>> = {
  'The guardrails {reason}.': 'Die Leitplanken {reason}.',
  'The guardrails in {path} {reason}.': 'Die Leitplanken in {path} {reason}.',
  'Nothing was changed.': 'Nichts wurde geändert.',
  'No session is let in until they are mended: see Guardrails in the console, or `sallyport guardrails check`.':
    'Bis sie in Ordnung sind, wird keine Sitzung eingelassen: siehe Leitplanken in der Konsole, oder `sallyport guardrails check`.',
  'This jump host’s guardrails cannot be read, so it lets nobody in: {reason}':
    'Die Leitplanken dieses Sprungrechners sind nicht lesbar, darum lässt er niemanden ein: {reason}',
  'Ask the admin of the jump host to mend them.':
    'Bitten Sie die Administration des Sprungrechners, sie in Ordnung zu bringen.',
  'cannot be used: {reason}': 'sind so nicht brauchbar: {reason}',
  'are longer than {count} bytes': 'sind länger als {count} Byte',
  'are not valid JSON ({error})': 'sind kein gültiges JSON ({error})',
  'rule {count}: {reason}': 'Regel {count}: {reason}',
  'rule {count}, “{name}”: {reason}': 'Regel {count}, „{name}“: {reason}',
  'rule {count}, “{name}”, “{field}”: {reason}': 'Regel {count}, „{name}“, „{field}“: {reason}',
  '“{field}” {reason}': '„{field}“ {reason}',
  'the text {reason}': 'der Text {reason}',

  'is missing': 'fehlt',
  'is empty': 'ist leer',
  'is not known here': 'ist hier nicht bekannt',
  'is no text': 'ist kein Text',
  'is no list': 'ist keine Liste',
  'has no fields': 'hat keine Felder',
  'has more than {count} rules': 'hat mehr als {count} Regeln',
  'has more than 256 entries': 'hat mehr als 256 Einträge',
  'is longer than {count} characters': 'ist länger als {count} Zeichen',
  'is longer than 320 characters': 'ist länger als 320 Zeichen',
  'is longer than 8191 characters': 'ist länger als 8191 Zeichen',
  'holds control characters': 'enthält Steuerzeichen',
  'is neither true nor false': 'ist weder true noch false',
  'is neither {one} nor {other}': 'ist weder {one} noch {other}',
  'is no whole number from {count} to {most}': 'ist keine ganze Zahl von {count} bis {most}',
  'is no time of day such as 08:30': 'ist keine Uhrzeit wie 08:30',
  'is no name of a connection parameter': 'ist kein Name eines Verbindungsparameters',
  'is no protocol': 'ist kein Protokoll',
  'is written for another version than {count}': 'ist für eine andere Version als {count} geschrieben',
  'forces more than 128 parameters': 'erzwingt mehr als 128 Parameter',
  'forces a name with “*”; only forbidden names may have one':
    'erzwingt einen Namen mit „*“; das dürfen nur verbotene Namen haben',
  'forces where a session goes; that is what targets are for':
    'erzwingt, wohin eine Sitzung geht; das ist Sache der Ziele',
  '“{text}” has no ports such as 22 or 8000-8080 after the colon':
    '„{text}“ hat nach dem Doppelpunkt keine Ports wie 22 oder 8000-8080',
  '“{text}” is no address or range such as 10.0.0.7 or 10.0.0.0/8':
    '„{text}“ ist keine Adresse und kein Bereich wie 10.0.0.7 oder 10.0.0.0/8',
  '“{text}” is no name, address or range': '„{text}“ ist weder Name noch Adresse noch Bereich',

  // What people are told whose session is not let in.
  'No rule of this jump host allows {protocol} to {host}.':
    'Keine Regel dieses Sprungrechners erlaubt {protocol} zu {host}.',
  'A rule of this jump host forbids this session: {rule}.':
    'Eine Regel dieses Sprungrechners verbietet diese Sitzung: {rule}.',
  'If it should be allowed, ask the admin of the jump host.':
    'Wenn sie erlaubt sein soll, fragen Sie die Administration des Sprungrechners.',
  'No rule speaks against it.': 'Keine Regel spricht dagegen.',
  'The rule “{rule}” lets it in.': 'Die Regel „{rule}“ lässt sie ein.',
  'The name {host} could not be resolved on this jump host, so its guardrails cannot judge the session.':
    'Der Name {host} ließ sich auf diesem Sprungrechner nicht auflösen, darum können seine Leitplanken die Sitzung nicht beurteilen.',
  'Is the name spelled right, and does this host’s DNS know it?':
    'Ist der Name richtig geschrieben, und kennt ihn das DNS dieses Rechners?',
  'The session names no machine to connect to.': 'Die Sitzung nennt keinen Rechner, zu dem sie gehen soll.',
  'The session’s “{parameter}” is no port number, so guardrails cannot judge it.':
    '„{parameter}“ der Sitzung ist keine Portnummer, darum können die Leitplanken sie nicht beurteilen.',
  'The session’s “{parameter}” is neither a name nor an address, so guardrails cannot judge it.':
    '„{parameter}“ der Sitzung ist weder Name noch Adresse, darum können die Leitplanken sie nicht beurteilen.',
};
