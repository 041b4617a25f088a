/** What Guacamole’s parameters mean, in German; see `parameter-table.ts`. A test compares the two. */
export const PARAMETERS_DE: Readonly<Record<string, string>> = {
  'Domain of the user': 'Domäne des Benutzers',
  'Line of known_hosts for the server; any other key ends the connection, without it any key is taken':
    'Zeile aus known_hosts für den Server; jeder andere Schlüssel beendet die Verbindung, ohne sie gilt jeder',
  'How the server wants to be talked to before the login; any tries them in turn':
    'Wie der Server vor der Anmeldung angesprochen werden will; any probiert alles nacheinander',
  'Take any certificate of the server; without a check anybody on the way can pose as it':
    'Jedes Zertifikat des Servers annehmen; ungeprüft kann sich jeder auf dem Weg für ihn ausgeben',
  'Take the certificate seen first and no other after that':
    'Das zuerst gesehene Zertifikat annehmen und danach kein anderes',
  'Fingerprints of the certificates that the server may show, separated by commas':
    'Fingerabdrücke der Zertifikate, die der Server zeigen darf, mit Kommas dazwischen',
  'Ask for no login before the session; the server then shows its own':
    'Vor der Sitzung nach keiner Anmeldung fragen; der Server zeigt dann seine eigene',
  'Remote desktop gateway on the way to the machine': 'Remotedesktop-Gateway auf dem Weg zum Rechner',
  'Port of the gateway': 'Port des Gateways',
  'User name at the gateway': 'Benutzername am Gateway',
  'Domain of the user at the gateway': 'Domäne des Benutzers am Gateway',
  'What a broker of several servers needs to choose one':
    'Was ein Vermittler mehrerer Server braucht, um einen zu wählen',
  'Number of the session source, for servers that have several':
    'Nummer der Sitzungsquelle, bei Servern mit mehreren',
  'Name of the session source; for Hyper-V the id of the virtual machine':
    'Name der Sitzungsquelle; bei Hyper-V die Kennung der virtuellen Maschine',
  'Pattern of the question that the user name is the answer to':
    'Muster der Frage, auf die der Benutzername die Antwort ist',
  'Pattern of the question that the password is the answer to':
    'Muster der Frage, auf die das Passwort die Antwort ist',
  'Pattern of what the machine says after a login that worked':
    'Muster dessen, was der Rechner nach einer gelungenen Anmeldung sagt',
  'Pattern of what the machine says after a login that did not work':
    'Muster dessen, was der Rechner nach einer misslungenen Anmeldung sagt',
  'Speak TLS with the Kubernetes server': 'Mit dem Kubernetes-Server TLS sprechen',
  'Certificate to show to the Kubernetes server, as PEM':
    'Zertifikat, das dem Kubernetes-Server gezeigt wird, als PEM',
  'Authority that signed the certificate of the Kubernetes server, as PEM':
    'Stelle, die das Zertifikat des Kubernetes-Servers signiert hat, als PEM',
  'Namespace of the pod': 'Namensraum des Pods',
  'Name of the pod to attach to': 'Name des Pods, an den angeschlossen wird',
  'Name of the container in the pod; without it the first': 'Name des Containers im Pod; ohne ihn der erste',
  'Command to run in the container; without it its main process is attached to':
    'Befehl, der im Container läuft; ohne ihn wird an dessen Hauptprozess angeschlossen',
  'Command to run in place of a shell': 'Befehl, der statt einer Shell läuft',
  'Language and encoding of the session, such as de_DE.UTF-8':
    'Sprache und Kodierung der Sitzung, etwa de_DE.UTF-8',
  'Time zone of the session, such as Europe/Berlin': 'Zeitzone der Sitzung, etwa Europe/Berlin',
  'Seconds between two signs of life, for firewalls that forget silent connections; 0 sends none':
    'Sekunden zwischen zwei Lebenszeichen, für Firewalls, die stille Verbindungen vergessen; 0 sendet keine',
  'Join the session at the machine’s own screen': 'In die Sitzung am eigenen Bildschirm des Rechners gehen',
  'Program to start right after the login': 'Programm, das gleich nach der Anmeldung startet',
  'Single published program to show, written with || before its name':
    'Einzelnes veröffentlichtes Programm, das gezeigt wird, mit || vor seinem Namen',
  'Folder that the published program starts in': 'Ordner, in dem das veröffentlichte Programm startet',
  'What the published program is told at its start':
    'Was dem veröffentlichten Programm beim Start mitgegeben wird',
  'Keyboard layout of the machine': 'Tastaturbelegung des Rechners',
  'How often a failed connection is tried again':
    'Wie oft eine misslungene Verbindung noch einmal versucht wird',
  'Machine that a VNC repeater is to lead to': 'Rechner, zu dem ein VNC-Repeater führen soll',
  'Port at the machine behind a VNC repeater': 'Port am Rechner hinter einem VNC-Repeater',
  'Wait for the server to call, in place of calling it': 'Warten, bis der Server anruft, statt ihn anzurufen',
  'Milliseconds to wait for a server that calls':
    'Millisekunden, die auf einen anrufenden Server gewartet wird',
  'Lines that can be scrolled back to': 'Zeilen, zu denen zurückgeblättert werden kann',
  'Code that the Backspace key sends: 127 or 8': 'Code, den die Rücktaste sendet: 127 oder 8',
  'Kind of terminal that programs are told': 'Art des Terminals, die Programmen genannt wird',
  'Colours of the terminal': 'Farben des Terminals',
  'Font of the terminal; guacd’s host must have it':
    'Schrift des Terminals; der Rechner von guacd muss sie haben',
  'Size of the terminal’s font in points': 'Schriftgröße des Terminals in Punkt',
  'Bits for each dot’s colour; fewer are quicker and look worse':
    'Bits für die Farbe eines Punktes; weniger ist schneller und sieht schlechter aus',
  'Width of the screen in dots; without it as wide as the window':
    'Breite des Bildschirms in Punkten; ohne sie so breit wie das Fenster',
  'Height of the screen in dots; without it as high as the window':
    'Höhe des Bildschirms in Punkten; ohne sie so hoch wie das Fenster',
  'Dots in an inch; without it those of the window': 'Punkte je Zoll; ohne sie die des Fensters',
  'What happens when the window changes its size: the screen follows, or the session is opened anew':
    'Was geschieht, wenn das Fenster seine Größe ändert: Der Bildschirm folgt, oder die Sitzung wird neu geöffnet',
  'Who draws the pointer; remote is slower and shows what the machine shows':
    'Wer den Zeiger zeichnet; remote ist langsamer und zeigt, was der Rechner zeigt',
  'Swap red and blue, for servers that mix them up': 'Rot und Blau tauschen, für Server, die sie verwechseln',
  'Send pictures without loss; sharper and slower': 'Bilder ohne Verlust senden; schärfer und langsamer',
  'Encodings of pictures that may be used, separated by blanks':
    'Kodierungen für Bilder, die verwendet werden dürfen, mit Leerzeichen dazwischen',
  'Nothing copied at the machine comes out of the session':
    'Nichts, was am Rechner kopiert wird, kommt aus der Sitzung heraus',
  'Nothing can be pasted into the session': 'Nichts kann in die Sitzung eingefügt werden',
  'Line ends of copied text: as they are, as Unix writes them, or as Windows does':
    'Zeilenenden kopierter Texte: wie sie sind, wie Unix sie schreibt oder wie Windows es tut',
  'Encoding of copied text at the VNC server': 'Kodierung kopierter Texte am VNC-Server',
  'Move files over SFTP': 'Dateien über SFTP bewegen',
  'Folder that is the top of what SFTP shows': 'Ordner, der bei SFTP ganz oben steht',
  'No file comes out of the session over SFTP': 'Über SFTP kommt keine Datei aus der Sitzung heraus',
  'No file goes into the session over SFTP': 'Über SFTP kommt keine Datei in die Sitzung hinein',
  'SSH server for files, where it is not the machine itself':
    'SSH-Server für Dateien, falls es nicht der Rechner selbst ist',
  'Port of the SSH server for files': 'Port des SSH-Servers für Dateien',
  'User name at the SSH server for files': 'Benutzername am SSH-Server für Dateien',
  'Line of known_hosts for the SSH server for files': 'Zeile aus known_hosts für den SSH-Server für Dateien',
  'Folder that dropped files go to': 'Ordner, in den abgelegte Dateien kommen',
  'A drive of the session’s own in the machine’s file manager':
    'Ein Laufwerk der Sitzung in der Dateiverwaltung des Rechners',
  'Name that the drive is shown under': 'Name, unter dem das Laufwerk gezeigt wird',
  'No file comes out of the session over the drive':
    'Über das Laufwerk kommt keine Datei aus der Sitzung heraus',
  'No file goes into the session over the drive': 'Über das Laufwerk kommt keine Datei in die Sitzung hinein',
  'A printer that gives a PDF to the person': 'Ein Drucker, der der Person ein PDF gibt',
  'Name that the printer is shown under': 'Name, unter dem der Drucker gezeigt wird',
  'No sound from the machine': 'Kein Ton vom Rechner',
  'The person’s microphone at the machine': 'Das Mikrofon der Person am Rechner',
  'Sound from the machine’s PulseAudio server': 'Ton vom PulseAudio-Server des Rechners',
  'PulseAudio server, where it is not the machine itself':
    'PulseAudio-Server, falls es nicht der Rechner selbst ist',
  'Sound at the machine itself, where its own screen is joined':
    'Ton am Rechner selbst, wenn man an dessen eigenen Bildschirm geht',
  'Touches as touches, in place of a mouse': 'Berührungen als Berührungen, statt als Maus',
  'Show the desktop’s picture': 'Das Bild des Desktops zeigen',
  'Show windows in the system’s theme': 'Fenster im Design des Systems zeigen',
  'Show letters with smooth edges': 'Buchstaben mit glatten Kanten zeigen',
  'Show what is in a window while it is moved': 'Zeigen, was in einem Fenster ist, während es bewegt wird',
  'Show transparency and shadows': 'Durchsichtigkeit und Schatten zeigen',
  'Show menus move': 'Menüs bewegt zeigen',
  'Keep no pictures for the next time, for servers that get it wrong':
    'Keine Bilder für das nächste Mal behalten, für Server, die das falsch machen',
  'Keep no pictures of what is not seen, for servers that get it wrong':
    'Keine Bilder von Verdecktem behalten, für Server, die das falsch machen',
  'Keep no pictures of letters, for servers that get it wrong':
    'Keine Bilder von Buchstaben behalten, für Server, die das falsch machen',
  'Use the older way of drawing, for servers that get the newer wrong':
    'Die ältere Art zu zeichnen, für Server, die die neuere falsch machen',
  'How hard pictures are compressed, from 0 to 9': 'Wie stark Bilder gepackt werden, von 0 bis 9',
  'How good pictures are, from 0 to 9': 'Wie gut Bilder sind, von 0 bis 9',
  'Seconds until a machine that does not answer is given up':
    'Sekunden, bis ein Rechner aufgegeben wird, der nicht antwortet',
  'Let guacd wake the machine before it connects': 'guacd weckt den Rechner, bevor es sich verbindet',
  'Address of the network card that guacd wakes': 'Adresse der Netzwerkkarte, die guacd weckt',
  'Where guacd sends the packet that wakes': 'Wohin guacd das Paket sendet, das weckt',
  'Port that guacd sends the packet to': 'Port, an den guacd das Paket sendet',
  'Seconds that guacd gives the machine to wake': 'Sekunden, die guacd dem Rechner zum Aufwachen gibt',
};
