/** What the core says of machines and their import, in German; see `de-sentences.ts`. */
export const MACHINES_DE: Readonly<Record<string, string>> = {
  // Fields of a machine or a credential.
  '{what} is longer than {count} characters.': '{what} ist länger als {count} Zeichen.',
  '{what} holds a line break or a control character.':
    '{what} enthält einen Zeilenumbruch oder ein Steuerzeichen.',
  'The name': 'Der Name',
  'The user name': 'Der Benutzername',
  'The domain': 'Die Domäne',
  'The password': 'Das Passwort',
  'The group': 'Die Gruppe',
  'A tag': 'Ein Schlagwort',
  'No protocol is given.': 'Es ist kein Protokoll angegeben.',
  'Give one of {list}.': 'Geben Sie eines von diesen an: {list}.',
  '“{protocol}” is no protocol that guacd speaks.': '„{protocol}“ ist kein Protokoll, das guacd spricht.',
  'The machine has no host.': 'Der Rechner hat keinen Host.',
  'Give its name or address, such as 10.0.0.7.':
    'Geben Sie seinen Namen oder seine Adresse an, etwa 10.0.0.7.',
  'The host is longer than {count} characters.': 'Der Host ist länger als {count} Zeichen.',
  'The host is a web address.': 'Der Host ist eine Webadresse.',
  'Give only the name or address in it, without “://”.':
    'Geben Sie nur den Namen oder die Adresse darin an, ohne „://“.',
  'The host holds an “@”.': 'Der Host enthält ein „@“.',
  'Put the user name into its own field.': 'Der Benutzername hat ein eigenes Feld.',
  'The host holds a character that no name and no address has.':
    'Der Host enthält ein Zeichen, das es in keinem Namen und keiner Adresse gibt.',
  'Give only a name or an address.': 'Geben Sie nur einen Namen oder eine Adresse an.',
  'The host holds a port.': 'Der Host enthält einen Port.',
  'Put the number behind the colon into the port’s own field.':
    'Die Zahl nach dem Doppelpunkt gehört in das Feld für den Port.',
  '“{host}” is neither a name nor an IPv6 address.': '„{host}“ ist weder ein Name noch eine IPv6-Adresse.',
  'The port is no number.': 'Der Port ist keine Zahl.',
  '{port} is no port.': '{port} ist kein Port.',
  'Give a whole number from 1 to 65535, or nothing.':
    'Geben Sie eine ganze Zahl von 1 bis 65535 an oder nichts.',
  'There are more than {count} tags.': 'Es sind mehr als {count} Schlagwörter.',
  'There are more than {count} parameters.': 'Es sind mehr als {count} Parameter.',
  '“{name}” cannot be the name of a parameter.': '„{name}“ kann nicht der Name eines Parameters sein.',
  '“{name}” is not a parameter here.': '„{name}“ ist hier kein Parameter.',
  'Use the field for the {what}.': 'Dafür gibt es ein Feld: {what}.',
  host: 'Host',
  port: 'Port',
  'user name': 'Benutzer',
  '“{name}” is a secret, and the address book holds none.':
    '„{name}“ ist ein Geheimnis, und das Adressbuch enthält keine.',
  'Keep it as a credential in the vault, or leave it out and be asked for it.':
    'Legen Sie es als Zugangsdaten in den Tresor, oder lassen Sie es weg und werden danach gefragt.',
  'Keep it as a credential in the vault, and choose that for the gateway.':
    'Legen Sie es als Zugangsdaten in den Tresor, und wählen Sie diese für das Gateway.',
  'Keep it as a credential in the vault, and choose that for SFTP.':
    'Legen Sie es als Zugangsdaten in den Tresor, und wählen Sie diese für SFTP.',
  'guacd knows no secret of this name: leave it out.':
    'guacd kennt kein Geheimnis dieses Namens: Lassen Sie es weg.',
  'A credential for a gateway is of use for RDP alone.':
    'Zugangsdaten für ein Gateway sind nur bei RDP von Nutzen.',
  'A credential for SFTP is of use for RDP and VNC alone.':
    'Zugangsdaten für SFTP sind nur bei RDP und VNC von Nutzen.',
  'Leave it out.': 'Lassen Sie sie weg.',
  'The value of “{name}” has {count} characters, and guacd reads no more than {most}.':
    'Der Wert von „{name}“ hat {count} Zeichen, und guacd liest höchstens {most}.',
  'Shorten it.': 'Kürzen Sie ihn.',
  'The parameters are {count} bytes together, and guacd reads less than {most}.':
    'Die Parameter sind zusammen {count} Byte lang, und guacd liest weniger als {most}.',
  'Shorten the longest of them.': 'Kürzen Sie den längsten davon.',
  '“{name}” is neither true nor false.': '„{name}“ ist weder true noch false.',
  'Give true or false.': 'Geben Sie true oder false an.',
  '“{name}” is no whole number.': '„{name}“ ist keine ganze Zahl.',
  'Give a number such as {count}.': 'Geben Sie eine Zahl wie {count} an.',
  'The notes are longer than {count} characters.': 'Die Notizen sind länger als {count} Zeichen.',
  'The wake-on-LAN address is no address of a network card.':
    'Die Adresse für Wake-on-LAN ist keine Adresse einer Netzwerkkarte.',
  'Give it as AA:BB:CC:DD:EE:FF; to reach another network, add its broadcast address: AA:BB:CC:DD:EE:FF@10.0.0.255.':
    'Geben Sie sie als AA:BB:CC:DD:EE:FF an; für ein anderes Netz mit dessen Broadcast-Adresse: AA:BB:CC:DD:EE:FF@10.0.0.255.',
  '“{guacd}” is no address of a guacd.': '„{guacd}“ ist keine Adresse eines guacd.',
  'Give host:port, or nothing.': 'Geben Sie host:port an oder nichts.',
  'The machine is larger than {count} KiB.': 'Der Rechner ist größer als {count} KiB.',
  'No wake-on-LAN address is kept for “{name}”.':
    'Für „{name}“ ist keine Adresse für Wake-on-LAN hinterlegt.',
  'Add the address of its network card to the machine.':
    'Tragen Sie beim Rechner die Adresse seiner Netzwerkkarte ein.',

  // The address book.
  'There is no machine "{id}".': 'Den Rechner „{id}“ gibt es nicht.',
  'It may have been removed; see the list of machines.':
    'Vielleicht wurde er entfernt; sehen Sie in die Liste der Rechner.',
  'The address book would hold {count} machines, more than {most}.':
    'Das Adressbuch hätte {count} Rechner, mehr als {most}.',
  'Remove some first.': 'Entfernen Sie zuerst einige.',
  'The address book would have {count} bytes, more than {most}.':
    'Das Adressbuch hätte {count} Byte, mehr als {most}.',
  'Shorten long notes and parameters, or remove some machines.':
    'Kürzen Sie lange Notizen und Parameter, oder entfernen Sie einige Rechner.',
  'The address book has changed since you looked.':
    'Das Adressbuch hat sich geändert, seit Sie es angesehen haben.',
  '{entries} of the address book{names} cannot be read, and {who} could not be kept aside: {why} Until that can be done the machines can be used, but none is added, changed or removed.':
    'Unlesbar im Adressbuch{names}: {entries}. Das ließ sich nicht beiseitelegen: {why} Bis dahin lassen sich die Rechner benutzen, aber nicht hinzufügen, ändern oder entfernen.',
  'Look at the import again.': 'Sehen Sie den Import noch einmal an.',
  'The vault is locked, so its secrets cannot be exported.':
    'Der Tresor ist gesperrt, darum lassen sich seine Geheimnisse nicht exportieren.',
  'Unlock it first, or export without secrets.':
    'Entsperren Sie ihn zuerst, oder exportieren Sie ohne Geheimnisse.',
  'The passphrase has fewer than {count} characters.': 'Die Passphrase hat weniger als {count} Zeichen.',
  'Take a longer one: the file can be tried out by anyone who has it.':
    'Nehmen Sie eine längere: Wer die Datei hat, kann beliebig oft raten.',

  // An import as a whole.
  'That is more than {count} MiB, which no list of machines has.':
    'Das sind mehr als {count} MiB; so groß ist keine Liste von Rechnern.',
  'Is it the right file?': 'Ist es die richtige Datei?',
  'Else import it in parts.': 'Sonst importieren Sie sie in Teilen.',
  'That is more than {count} files at once.': 'Das sind mehr als {count} Dateien auf einmal.',
  'This import is no longer there.': 'Diesen Import gibt es nicht mehr.',
  'It waits for 15 minutes, and is made once.': 'Er wartet 15 Minuten und wird einmal ausgeführt.',
  'Choose the files again.': 'Wählen Sie die Dateien noch einmal.',
  'The encrypted part of the file is damaged, or of a newer version.':
    'Der verschlüsselte Teil der Datei ist beschädigt oder aus einer neueren Version.',
  'The passphrase is wrong, or the encrypted part was changed.':
    'Die Passphrase ist falsch, oder der verschlüsselte Teil wurde verändert.',
  'Type the passphrase that was given when it was exported.':
    'Geben Sie die Passphrase ein, die beim Export vergeben wurde.',

  // Where an entry stands, and why it is left out.
  '{file}, line {count}': '{file}, Zeile {count}',
  '{file}, entry {count}': '{file}, Eintrag {count}',
  'authentik at {host}': 'authentik unter {host}',
  'It is neither an .rdp file nor CSV, JSON, an SSH configuration or known_hosts.':
    'Es ist weder eine .rdp-Datei noch CSV, JSON, eine SSH-Konfiguration oder known_hosts.',
  'It is empty.': 'Die Datei ist leer.',
  'Its first line names no column for the host: one of them must be called host, hostname, address or the like.':
    'Die erste Zeile nennt keine Spalte für den Host: Eine davon muss host, hostname, address oder ähnlich heißen.',
  '{what} nothing here and {how} left out.': 'Hier ohne Bedeutung, darum weggelassen: {what}.',
  'The column {column} means': 'die Spalte {column}',
  'The columns {columns} mean': 'die Spalten {columns}',
  'What it has for “{name}” is longer than a machine may be.':
    'Was für „{name}“ angegeben ist, ist länger, als ein Rechner sein darf.',
  'It has no host.': 'Der Host fehlt.',
  'No protocol is given, and the port does not tell.':
    'Es ist kein Protokoll angegeben, und der Port sagt es nicht.',
  'It is the same machine as in {what}.': 'Das ist derselbe Rechner wie in {what}.',
  'It is there already, as “{name}”.': 'Es gibt ihn schon, als „{name}“.',
  'More than {count} entries: the rest was not read.':
    'Mehr als {count} Einträge: Der Rest wurde nicht gelesen.',
  'It is nested deeper than any list of machines.':
    'Die Datei ist tiefer verschachtelt als jede Liste von Rechnern.',
  'It is no JSON, or not all of it.': 'Die Datei ist kein JSON, oder nicht bis zum Ende.',
  'There is no list of machines in it.': 'Darin ist keine Liste von Rechnern.',
  'It is no object.': 'Der Eintrag ist kein Objekt.',
  'The endpoint has no host in authentik.': 'Der Endpunkt hat in authentik keinen Host.',
  'No .rdp file is so long.': 'So lang ist keine .rdp-Datei.',
  'This is no .rdp file: no line of it names a property.':
    'Das ist keine .rdp-Datei: Keine Zeile darin nennt eine Eigenschaft.',
  'It names no machine: “full address” is missing or empty.':
    'Die Datei nennt keinen Rechner: „full address“ fehlt oder ist leer.',
  'No SSH configuration is so long.': 'So lang ist keine SSH-Konfiguration.',
  'It has more than {count} patterns, each of which every machine is compared with.':
    'Sie hat mehr als {count} Muster, und jeder Rechner wird mit jedem verglichen.',
  'No machine has so long a name.': 'So lang ist kein Name eines Rechners.',
  'Other files are not opened: import that file as well.':
    'Andere Dateien werden nicht geöffnet: Importieren Sie auch diese.',
  'Whether it counts is decided by OpenSSH when it connects; its options were left out.':
    'Ob das gilt, entscheidet OpenSSH beim Verbinden; die Optionen darin bleiben weg.',
  'A pattern names no machine; its options were taken for the machines that it fits.':
    'Ein Muster nennt keinen Rechner; seine Optionen gelten für die Rechner, auf die es passt.',
  '{what} no option with a value.': '{what} keine Option mit einem Wert.',
  'A line is': 'Eine Zeile ist',
  '{count} lines are': '{count} Zeilen sind',
  'The key is revoked: it must not be trusted.':
    'Der Schlüssel ist widerrufen: Ihm darf nicht vertraut werden.',
  'It is the key of an authority, and guacd checks no certificates.':
    'Es ist der Schlüssel einer Zertifizierungsstelle, und guacd prüft keine Zertifikate.',
  '“{marker}” is not known.': '„{marker}“ ist nicht bekannt.',
  'It is a key of SSH 1, which nothing speaks any more.':
    'Es ist ein Schlüssel für SSH 1, das nichts mehr spricht.',
  'It has more names than a server has.': 'Er hat mehr Namen als irgendein Server.',
  'It is no line of known_hosts: the key is missing or damaged.':
    'Das ist keine Zeile einer known_hosts: Der Schlüssel fehlt oder ist beschädigt.',
  'No SSH machine here has this name and port.': 'Kein SSH-Rechner hier hat diesen Namen und Port.',
  '{what} none of the SSH machines here; what else they could be cannot be told.':
    '{what} keiner der SSH-Rechner hier; was sonst damit gemeint ist, lässt sich nicht sagen.',
  'A hashed name is': 'Ein verschlüsselter Name ist',
  '{count} hashed names are': '{count} verschlüsselte Namen sind',
  'It has another host key already.': 'Er hat schon einen anderen Host-Schlüssel.',
  'If the machine was installed anew, take that out of it and import again.':
    'Wurde der Rechner neu aufgesetzt, nehmen Sie diesen heraus, und importieren Sie noch einmal.',

  // What an entry lost on the way.
  'Only its key of the kind {type} is known.': 'Bekannt ist nur sein Schlüssel der Art {type}.',
  'A server that has an ECDSA key as well shows guacd that one, and is then refused: take that key in this case.':
    'Ein Server, der auch einen ECDSA-Schlüssel hat, zeigt guacd diesen und wird dann abgelehnt: Nehmen Sie dann jenen Schlüssel.',
  'The secrets in it are left out, because there is no vault that is unlocked.':
    'Die Geheimnisse darin bleiben weg, weil kein Tresor entsperrt ist.',
  'Unlock it and look again, or be asked for them when you connect.':
    'Entsperren Sie ihn und sehen Sie noch einmal nach, oder Sie werden beim Verbinden danach gefragt.',
  'It has a credential already; the secrets in the file are left out.':
    'Er hat schon Zugangsdaten; die Geheimnisse in der Datei bleiben weg.',
  'A secret for a gateway or for SFTP is left out: its protocol has no use for it.':
    'Ein Geheimnis für ein Gateway oder für SFTP bleibt weg: Sein Protokoll braucht keins.',
  '“{name}” belongs to one session and was left out.':
    '„{name}“ gehört zu einer einzelnen Sitzung und bleibt weg.',
  '“{name}” is a secret that the vault has no place for; it was left out.':
    '„{name}“ ist ein Geheimnis, für das der Tresor keinen Platz hat, und bleibt weg.',
  'Its property mappings were left out: only authentik can evaluate them.':
    'Seine Property-Mappings bleiben weg: Nur authentik kann sie auswerten.',
  'What they set, such as a user’s own name or password, is missing here.':
    'Was sie setzen, etwa Namen oder Passwort der Person, fehlt hier.',
  'The password was left out: only the Windows account that saved it can decrypt it.':
    'Das Passwort bleibt weg: Nur das Windows-Konto, das es gespeichert hat, kann es entschlüsseln.',
  'You will be asked for it.': 'Sie werden danach gefragt.',
  'The file says to take any certificate; that was left out.':
    'Die Datei will jedes Zertifikat annehmen; das bleibt weg.',
  'Set “ignore-cert” where it cannot be otherwise.': 'Setzen Sie „ignore-cert“, wo es nicht anders geht.',
  '{what} could not be read and {how} left out.': 'Nicht lesbar, darum weggelassen: {what}.',
  'One line': 'eine Zeile',
  '{count} lines': '{count} Zeilen',
  'ProxyJump was left out: guacd connects directly, and cannot go through another machine.':
    'ProxyJump bleibt weg: guacd verbindet sich direkt und kann nicht über einen anderen Rechner gehen.',
  'ProxyCommand was left out: guacd runs no commands to connect.':
    'ProxyCommand bleibt weg: guacd führt zum Verbinden keine Befehle aus.',
  'The key file was not read; its path stands in the notes.':
    'Die Schlüsseldatei wurde nicht gelesen; ihr Pfad steht in den Notizen.',
  'Keep the key as a credential in the vault.': 'Legen Sie den Schlüssel als Zugangsdaten in den Tresor.',
  'The certificate was not read: guacd takes a key or a password.':
    'Das Zertifikat wurde nicht gelesen: guacd nimmt einen Schlüssel oder ein Passwort.',
};
