import { APP_DE } from './de-sentences-app.ts';
import { DOCTOR_DE } from './de-sentences-doctor.ts';
import { GUARDRAILS_DE } from './de-sentences-guardrails.ts';
import { MACHINES_DE } from './de-sentences-machines.ts';
import { MEMBERS_DE } from './de-sentences-members.ts';
import { SESSIONS_DE } from './de-sentences-sessions.ts';
import { CERTIFICATES_DE } from './de-sentences-tls.ts';
import { VAULT_DE } from './de-sentences-vault.ts';

/**
 * Sentences of the core with the facts that it puts into them, in German: what stands in braces is taken over, `{what}`
 * and `{reason}` only where they are one word or stand here as well, `{count}` only where it is a number. A test looks for each in the core's source, so that
 * one that is changed there is missed here. What is not here is shown in the core's own English.
 */
export const SENTENCES_DE: Readonly<Record<string, string>> = {
  ...CERTIFICATES_DE,
  ...SESSIONS_DE,
  ...GUARDRAILS_DE,
  ...MACHINES_DE,
  ...VAULT_DE,
  ...MEMBERS_DE,
  ...APP_DE,
  ...DOCTOR_DE,
  // The system's own, with what failed in front.
  it: 'es',
  '{what} refused the connection.': '{what} hat die Verbindung abgelehnt.',
  '{what} cut the connection.': '{what} hat die Verbindung abgebrochen.',
  '{what} did not answer in time.': '{what} hat nicht rechtzeitig geantwortet.',
  '{what} cannot be reached from here.': '{what} ist von hier nicht erreichbar.',
  '{what} is in a network that cannot be reached from here.':
    '{what} liegt in einem Netz, das von hier nicht erreichbar ist.',
  '{what} is a name that DNS does not know.': '{what} ist ein Name, den das DNS nicht kennt.',
  '{what} could not be resolved because DNS did not answer.':
    '{what} ließ sich nicht auflösen, weil das DNS nicht geantwortet hat.',
  '{what} is already in use by another program.': '{what} wird schon von einem anderen Programm verwendet.',
  '{what} does not exist.': '{what} gibt es nicht.',
  '{what} is a directory, not a file.': '{what} ist ein Verzeichnis, keine Datei.',
  '{what} may not be accessed by this user.': '{what} ist für diesen Benutzer gesperrt.',
  '{what} may not be changed by this user.': '{what} darf von diesem Benutzer nicht geändert werden.',
  '{what} is on a read-only file system.': '{what} liegt auf einem Dateisystem, das nur gelesen werden kann.',
  '{what} does not fit: the disk is full.': '{what} passt nicht: Der Datenträger ist voll.',
  'Is the service running there, and is the port right?': 'Läuft der Dienst dort, und stimmt der Port?',
  'Does a firewall drop the packets on the way?': 'Verwirft eine Firewall die Pakete unterwegs?',
  'Check the route to it.': 'Prüfen Sie die Route dorthin.',
  'Is this host connected to the network?': 'Ist dieser Rechner mit dem Netz verbunden?',
  'Check the spelling and this host’s DNS server.':
    'Prüfen Sie die Schreibweise und den DNS-Server dieses Rechners.',
  'Check this host’s DNS server.': 'Prüfen Sie den DNS-Server dieses Rechners.',
  'Choose another port or end the other program.':
    'Wählen Sie einen anderen Port, oder beenden Sie das andere Programm.',
  'Check its owner and permissions.': 'Prüfen Sie Besitzer und Rechte.',
  'Free some space.': 'Schaffen Sie Platz.',

  // Reaching authentik.
  'authentik’s address {reason} (AUTHENTIK_HOST).': 'Die Adresse von authentik {reason} (AUTHENTIK_HOST).',
  'is not a URL': 'ist keine URL',
  'authentik’s address does not begin with https:// or http:// (AUTHENTIK_HOST).':
    'Die Adresse von authentik beginnt weder mit https:// noch mit http:// (AUTHENTIK_HOST).',
  'There is no token for authentik.': 'Es gibt kein Token für authentik.',
  'No address of authentik is configured.': 'Es ist keine Adresse von authentik eingestellt.',
  'No token of the outpost is configured.': 'Es ist kein Token des Outposts eingestellt.',
  'authentik at {where} rejected the token ({status}): it is wrong, expired or revoked.':
    'authentik unter {where} hat das Token abgewiesen ({status}): Es ist falsch, abgelaufen oder widerrufen.',
  'Copy it again in authentik from {page}.': 'Kopieren Sie es in authentik noch einmal, unter {page}.',
  'The token is good, but belongs to no outpost.': 'Das Token stimmt, gehört aber zu keinem Outpost.',
  'The token belongs to “{name}”, which is {word} ({type}); Sallyport runs RAC outposts.':
    'Das Token gehört zu „{name}“, einem Outpost der Art {type}; Sallyport führt RAC-Outposts aus.',
  'In authentik open Applications › Outposts, create an outpost of type RAC (or open yours) and copy the token from View Deployment Info.':
    'Öffnen Sie in authentik Anwendungen › Outposts, legen Sie einen Outpost der Art RAC an (oder öffnen Sie Ihren), und kopieren Sie das Token aus den Bereitstellungsinformationen.',
  'In authentik open Applications › Outposts, take one of type RAC and copy its token from View Deployment Info.':
    'Öffnen Sie in authentik Anwendungen › Outposts, nehmen Sie einen der Art RAC, und kopieren Sie dessen Token aus den Bereitstellungsinformationen.',
  'In authentik’s admin interface open Applications → Outposts, edit this outpost and select its RAC applications.':
    'In der Verwaltung von authentik unter Anwendungen → Outposts diesen Outpost bearbeiten und seine RAC-Anwendungen wählen.',
  '{where} answers, but not as authentik: it does not know this path (404).':
    '{where} antwortet, aber nicht als authentik: Diesen Pfad kennt es nicht (404).',
  'Check AUTHENTIK_HOST: does authentik live below a sub-path such as /auth/?':
    'Prüfen Sie AUTHENTIK_HOST: Liegt authentik unter einem Unterpfad wie /auth/?',
  '{where} redirects to {target} ({status}).': '{where} leitet nach {target} weiter ({status}).',
  'Set AUTHENTIK_HOST to the address that authentik itself answers on.':
    'Setzen Sie AUTHENTIK_HOST auf die Adresse, unter der authentik selbst antwortet.',
  'authentik at {where} gets too many requests (429).':
    'authentik unter {where} bekommt zu viele Anfragen (429).',
  'authentik at {where} is not ready: the server before it answers {status}.':
    'authentik unter {where} ist nicht bereit: Der Server davor antwortet {status}.',
  'authentik may be starting or restarting; if it stays so, look at its containers.':
    'authentik startet vielleicht gerade; wenn es so bleibt, sehen Sie nach seinen Containern.',
  'authentik at {where} failed inside ({status}).':
    'authentik unter {where} ist innen gescheitert ({status}).',
  'authentik at {where} answered with the unexpected status {status}.':
    'authentik unter {where} hat mit dem unerwarteten Status {status} geantwortet.',
  'Look into authentik’s log.': 'Sehen Sie in das Protokoll von authentik.',
  '{where} answered with a web page instead of authentik’s API ({status}).':
    '{where} hat mit einer Webseite statt der API von authentik geantwortet ({status}).',
  'authentik at {where} did not answer within {time} seconds.':
    'authentik unter {where} hat nicht innerhalb von {time} Sekunden geantwortet.',
  'authentik at {where} did not open the websocket within {time} seconds.':
    'authentik unter {where} hat den Websocket nicht innerhalb von {time} Sekunden geöffnet.',
  'Is it overloaded, or does a firewall drop the packets on the way?':
    'Ist es überlastet, oder verwirft eine Firewall die Pakete unterwegs?',
  'authentik closed the connection (code {code}).': 'authentik hat die Verbindung geschlossen (Code {code}).',
  'It usually restarts; the outpost tries again by itself.':
    'Meist startet es neu; der Outpost versucht es von selbst wieder.',
  'The connection to authentik at {where} was cut without a word.':
    'Die Verbindung zu authentik unter {where} riss ohne ein Wort ab.',
  'authentik, a proxy on the way or the network may have restarted.':
    'authentik, ein Proxy unterwegs oder das Netz wurde vielleicht neu gestartet.',
  'Nothing was heard from authentik at {where} for {time} seconds.':
    'Von authentik unter {where} war {time} Sekunden lang nichts zu hören.',
  'The network on the way may be down, or a firewall dropped the connection.':
    'Das Netz unterwegs ist vielleicht ausgefallen, oder eine Firewall hat die Verbindung verworfen.',
  'The outpost has not been connected to authentik yet.':
    'Der Outpost war noch nicht mit authentik verbunden.',
  'The proxy {proxy} asks for a user name and a password (407).':
    'Der Proxy {proxy} verlangt Benutzernamen und Passwort (407).',
  'The proxy {proxy} refused its user name or password (407).':
    'Der Proxy {proxy} hat Benutzernamen oder Passwort abgelehnt (407).',
  'The proxy {proxy} could not reach authentik ({status}).':
    'Der Proxy {proxy} konnte authentik nicht erreichen ({status}).',
  'Check authentik’s address, and that the proxy can resolve and reach it.':
    'Prüfen Sie die Adresse von authentik, und ob der Proxy sie auflösen und erreichen kann.',

  'No RAC provider is assigned to this outpost.': 'Diesem Outpost ist kein RAC-Provider zugeordnet.',
  'Its configuration is not fresh: {reason}': 'Seine Konfiguration ist nicht frisch: {reason}',

  // guacd.
  'guacd is not running.': 'guacd läuft nicht.',
  'guacd {reason} ({how}).': 'guacd {reason} ({how}).',
  'ended by itself': 'hat sich von selbst beendet',
  'ended right after its start': 'hat sich gleich nach dem Start beendet',
  'Sessions cannot start without it.': 'Ohne guacd kann keine Sitzung beginnen.',
  'guacd was not found on this host, neither on the PATH nor where packages put it.':
    'guacd wurde auf diesem Rechner nicht gefunden, weder im PATH noch dort, wohin Pakete es legen.',
  'There is no guacd at {path}.': 'Unter {path} gibt es kein guacd.',
  'Install guacd (Debian and Ubuntu: “apt install guacd”, Fedora: “dnf install guacd”), run it in a container (“sallyport config set guacd.target container”, with Podman or Docker), or name one elsewhere (“sallyport config set guacd.target guacd.example.org:4822”).':
    'Installieren Sie guacd (Debian und Ubuntu: „apt install guacd“, Fedora: „dnf install guacd“), führen Sie es in einem Container aus („sallyport config set guacd.target container“, mit Podman oder Docker), oder nennen Sie eines anderswo („sallyport config set guacd.target guacd.example.org:4822“).',
  'guacd at {where} cannot be reached: {reason}.': 'guacd unter {where} ist nicht erreichbar: {reason}.',
  'it did not answer within {time} s': 'es hat nicht innerhalb von {time} s geantwortet',
  'guacd has died {deaths} times in {minutes} minutes; sessions through it are cut off each time.':
    'guacd ist in {minutes} Minuten {deaths} Mal abgestürzt; jedes Mal reißen seine Sitzungen ab.',
  'Look at guacd’s lines in the log; a newer guacd or more memory may help.':
    'Sehen Sie die Zeilen von guacd im Protokoll an; ein neueres guacd oder mehr Speicher kann helfen.',
  'What goes to guacd at {where} is not encrypted: passwords and screens cross the network in clear.':
    'Was zu guacd unter {where} geht, ist nicht verschlüsselt: Passwörter und Bildschirme gehen offen durchs Netz.',
  '{what}, which has known weaknesses: {reasons}.': '{what}; diese hat bekannte Schwachstellen: {reasons}.',
  '{where} is version {version}': '{where} hat die Version {version}',
  '1.0 or older': '1.0 oder älter',
  '1.1 or 1.2': '1.1 oder 1.2',
  '1.3 or 1.4': '1.3 oder 1.4',
  '{reason} ({cve})': '{reason} ({cve})',
  'instructions can be smuggled into a session': 'Anweisungen lassen sich in eine Sitzung schmuggeln',
  'memory is used after it was freed when RDP sends audio in':
    'Speicher wird verwendet, nachdem er freigegeben wurde, wenn RDP Ton hereinschickt',
  'a hostile VNC server may run code in guacd': 'ein feindlicher VNC-Server kann Code in guacd ausführen',
  'hostile terminal output may run code in guacd':
    'feindliche Ausgaben im Terminal können Code in guacd ausführen',
  '{where} is 1.5 or 1.6, which cannot be told apart from here; 1.5 has known weaknesses (CVE-2024-35164).':
    '{where} ist 1.5 oder 1.6, was sich von hier nicht unterscheiden lässt; 1.5 hat bekannte Schwachstellen (CVE-2024-35164).',
  'Look with “guacd -v” there, and run 1.6.0 or newer.':
    'Sehen Sie dort mit „guacd -v“ nach, und verwenden Sie 1.6.0 oder neuer.',
  'Run guacd 1.6.0 or newer: the official container image, a package of your distribution, or one built from source.':
    'Verwenden Sie guacd 1.6.0 oder neuer: das offizielle Container-Image, ein Paket Ihrer Distribution oder ein selbst gebautes.',
  'guacd at {where} did not answer {waited} within {time} s.':
    'guacd unter {where} hat nicht innerhalb von {time} s geantwortet.',
  'What listens at {where} is not guacd.': 'Was unter {where} lauscht, ist kein guacd.',
  'Check the address and port of guacd.': 'Prüfen Sie Adresse und Port von guacd.',
  'guacd has gone silent, so the session was ended.': 'guacd ist verstummt, darum wurde die Sitzung beendet.',
  'guacd closed the session without saying why.': 'guacd hat die Sitzung geschlossen, ohne zu sagen, warum.',

  // Sessions on this host, and why not.
  'The settings of this host do not allow it.': 'Die Einstellungen dieses Rechners erlauben es nicht.',
  'The settings of this host allow it at any time.':
    'Die Einstellungen dieses Rechners erlauben es jederzeit.',
  'The outpost is stopped.': 'Der Outpost ist angehalten.',
  'Start it first.': 'Starten Sie ihn zuerst.',
  'authentik can be reached, so sessions are opened there.':
    'authentik ist erreichbar, darum werden Sitzungen dort geöffnet.',
  'authentik answers and turns this outpost away, so it is not out of reach.':
    'authentik antwortet und weist diesen Outpost ab; unerreichbar ist es also nicht.',
  'What is set on this host keeps it from asking authentik, so it is not out of reach.':
    'Was auf diesem Rechner eingestellt ist, hindert ihn daran, authentik zu fragen; unerreichbar ist es also nicht.',
  'authentik is out of reach.': 'authentik ist unerreichbar.',
  'authentik has not been out of reach for long enough.':
    'authentik ist noch nicht lange genug unerreichbar.',
  'A reason is asked for.': 'Es wird nach einem Grund gefragt.',
  'Say in a few words what the session is for.': 'Sagen Sie in wenigen Worten, wofür die Sitzung ist.',
  'The vault’s passphrase is asked for before each session.':
    'Vor jeder Sitzung wird nach der Passphrase des Tresors gefragt.',
  'The admin of this host can allow it in the settings, under “Offline sessions”.':
    'Die Administration dieses Rechners kann es in den Einstellungen unter „Offline-Sitzungen“ erlauben.',
  'Open the machine in authentik.': 'Öffnen Sie den Rechner in authentik.',
  'Wait a little, then try again.': 'Warten Sie ein wenig, und versuchen Sie es dann noch einmal.',
  'See the status of the outpost for what is wrong.': 'Was nicht stimmt, sagt der Zustand des Outposts.',
  'This outpost is being stopped and takes no new sessions.':
    'Dieser Outpost wird gerade angehalten und nimmt keine neuen Sitzungen an.',
  'This outpost has reached its limit of sessions at once: {count}.':
    'Dieser Outpost hat seine Grenze gleichzeitiger Sitzungen erreicht: {count}.',
  'Try again in a moment.': 'Versuchen Sie es gleich noch einmal.',
  'Try again later, or ask the admin to raise the limit.':
    'Versuchen Sie es später noch einmal, oder bitten Sie die Administration, die Grenze anzuheben.',
  'A session was not recorded to its end: {reason}':
    'Eine Sitzung wurde nicht bis zum Ende aufgezeichnet: {reason}',
  'Less than {size} MiB are left on the disk, so the recording was stopped.':
    'Auf dem Datenträger sind weniger als {size} MiB frei, darum wurde die Aufzeichnung beendet.',
  'Make room, or keep fewer recordings: see recording.bytes and recording.days.':
    'Schaffen Sie Platz, oder bewahren Sie weniger Aufzeichnungen auf: siehe recording.bytes und recording.days.',
  'The disk is too slow for the recording, so it was stopped.':
    'Der Datenträger ist zu langsam für die Aufzeichnung, darum wurde sie beendet.',
  'The recording has reached its largest size of {size} MiB, so it was stopped.':
    'Die Aufzeichnung hat ihre größte Größe von {size} MiB erreicht, darum wurde sie beendet.',

  // Settings.
  '{what} is "{value}".': '{what} ist „{value}“.',
  'Give {reason}.': 'Geben Sie {reason} an.',
  '{what} is empty.': '{what} ist leer.',
  '{what} is "{value}", without {scheme}:// in front.': '{what} ist „{value}“, ohne {scheme}:// davor.',
  'Write {scheme}://{address}.': 'Schreiben Sie {scheme}://{address}.',
  '{what} is "{value}", which is no address.': '{what} ist „{value}“; das ist keine Adresse.',
  '{what} is "{value}", a relative path.': '{what} ist „{value}“, ein relativer Pfad.',
  'Write the whole path.': 'Schreiben Sie den ganzen Pfad.',
  '{what} has a user name or password in it.': '{what} enthält einen Benutzernamen oder ein Passwort.',
  'Leave them out: the token is all that authentik asks for.':
    'Lassen Sie beides weg: authentik verlangt nur das Token.',
  'true or false': 'true oder false',
  'one of {list}': 'eines von {list}',
  'a time zone such as {example} or UTC': 'eine Zeitzone wie {example} oder UTC',
  'a path such as {example}': 'einen Pfad wie {example}',
  'an address such as {example}': 'eine Adresse wie {example}',
  'an address to listen on such as {example}, or off': 'eine Adresse zum Lauschen wie {example}, oder off',
  'a whole number of {of} from {min} to {max}': 'eine ganze Zahl von {min} bis {max}',
  'a size from {min} to {max}, such as {example} or a number of bytes':
    'eine Größe von {min} bis {max}, etwa {example}, oder eine Zahl von Byte',
  'the name of a group of this system, such as {example}':
    'den Namen einer Gruppe dieses Systems, etwa {example}',
  'the SHA-256 of the certificate: 64 hex digits, with or without colons':
    'den SHA-256 des Zertifikats: 64 Hexziffern, mit oder ohne Doppelpunkte',
  'It counts from the next connection to authentik.': 'Das gilt ab der nächsten Verbindung zu authentik.',
  'It counts after a restart of the outpost.': 'Das gilt nach einem Neustart des Outposts.',

  // The outpost itself.
  'No outpost is running here (looked at {path}).': 'Hier läuft kein Outpost (gesucht unter {path}).',
  'The outpost did not answer “{method}” within {time} s.':
    'Der Outpost hat „{method}“ nicht innerhalb von {time} s beantwortet.',
  'Is it busy or stopped? Look at its log.':
    'Ist er beschäftigt oder angehalten? Sehen Sie in sein Protokoll.',
  'The connection was closed.': 'Die Verbindung wurde geschlossen.',
  '{what} was cancelled.': '{what} wurde abgebrochen.',
  'The request': 'Die Anfrage',
};
