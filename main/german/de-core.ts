import { PARAMETERS_DE } from './de-parameters.ts';

const DEPLOYED =
  'Nicht verwendet: Es sagt authentik, wie es einen eigenen Outpost bereitstellt; dieser läuft dort, wo Sie ihn gestartet haben.';
const KUBERNETES =
  'Nicht verwendet: Es sagt authentik, wie es einen Outpost in Kubernetes bereitstellt; dieser läuft auf diesem Rechner.';
const DOCKER =
  'Nicht verwendet: Es sagt authentik, wie es einen Outpost mit Docker bereitstellt; dieser läuft auf diesem Rechner.';

/**
 * What the core says word for word every time, in German. A test compares it with the core's own tables, so that a
 * sentence that is changed there is missed here.
 */
export const CORE_DE: Readonly<Record<string, string>> = {
  ...PARAMETERS_DE,
  // What settings are for.
  'Address of authentik, with the sub-path and query it may have':
    'Adresse von authentik, mit dem Unterpfad und der Abfrage, die sie haben kann',
  'Token of the outpost; the flag names a file that holds it':
    'Token des Outposts; der Schalter nennt eine Datei, die es enthält',
  'Talk to authentik without checking who it is: a last resort, never for production':
    'Mit authentik sprechen, ohne zu prüfen, wer es ist: ein letzter Ausweg, nie für den Betrieb',
  'Address of authentik as browsers reach it, where that is another one':
    'Adresse von authentik, wie Browser sie erreichen, falls das eine andere ist',
  'PEM file of authorities to trust beside the system’s':
    'PEM-Datei mit Zertifizierungsstellen, denen neben denen des Systems vertraut wird',
  'SHA-256 of the only certificate that authentik may show':
    'SHA-256 des einzigen Zertifikats, das authentik zeigen darf',
  'Client certificate to show, as PEM or PKCS#12':
    'Client-Zertifikat, das gezeigt wird, als PEM oder PKCS#12',
  'Key of the client certificate, where it lies in a file of its own':
    'Schlüssel des Client-Zertifikats, falls er in einer eigenen Datei liegt',
  'File with the passphrase of the client certificate’s key':
    'Datei mit der Passphrase für den Schlüssel des Client-Zertifikats',
  'Proxy on the way to authentik: a URL, none, or environment (HTTPS_PROXY and the like)':
    'Proxy auf dem Weg zu authentik: eine URL, none (keiner) oder environment (HTTPS_PROXY und dergleichen)',
  'guacd to use: managed starts one, container runs one out of an image, host:port[,host:port…] uses those':
    'Welches guacd verwendet wird: managed startet eines, container führt eines aus einem Image aus, host:port[,host:port…] nimmt diese',
  'Image that guacd’s container is made of': 'Image, aus dem der Container von guacd entsteht',
  'File to load the image from where it is missing; where not set, it is fetched':
    'Datei, aus der das Image geladen wird, wenn es fehlt; nicht gesetzt wird es aus dem Netz geholt',
  'What runs guacd’s container: podman, docker or a path; auto takes Podman before Docker':
    'Was den Container von guacd ausführt: podman, docker oder ein Pfad; auto nimmt Podman vor Docker',
  'Network of guacd’s container: bridge hides this host’s own services, host shares all it has':
    'Netz des Containers von guacd: bridge verbirgt die eigenen Dienste dieses Rechners, host teilt alles, was er hat',
  'guacd’s program, where it is not found by itself':
    'Programm von guacd, falls es nicht von selbst gefunden wird',
  'Speak TLS with an external guacd': 'Mit einem externen guacd TLS sprechen',
  'PEM file of the authority that signed guacd’s certificate':
    'PEM-Datei der Zertifizierungsstelle, die das Zertifikat von guacd signiert hat',
  'Where metrics and health checks are served: host:port, or off':
    'Wo Metriken und Zustandsprüfungen bereitstehen: host:port oder off (aus)',
  'Least important level that is logged: trace, debug, info, warning or error':
    'Unwichtigste Stufe, die protokolliert wird: trace, debug, info, warning oder error',
  'Keep a log in the state directory': 'Ein Protokoll im Statusverzeichnis führen',
  'Size at which a new log file is begun': 'Größe, ab der eine neue Protokolldatei begonnen wird',
  'Log files that are kept, the current one included':
    'Protokolldateien, die aufbewahrt werden, die aktuelle eingeschlossen',
  'Tell authentik, as events, what was done on this host without it':
    'authentik als Ereignisse mitteilen, was auf diesem Rechner ohne es geschah',
  'Size of the journal at which its oldest part is removed':
    'Größe des Journals, ab der sein ältester Teil entfernt wird',
  'Which sessions are recorded where no guardrail says anything of it: never or always':
    'Welche Sitzungen aufgezeichnet werden, wo keine Regel etwas dazu sagt: never (keine) oder always (alle)',
  'Record the keys that people press as well, passwords among them':
    'Auch die Tasten aufzeichnen, die gedrückt werden, Passwörter eingeschlossen',
  'Encrypt recordings so that only the unlocked vault can play them':
    'Aufzeichnungen so verschlüsseln, dass nur der entsperrte Tresor sie abspielen kann',
  'Where recordings lie; where not set, in the state directory':
    'Wo Aufzeichnungen liegen; nicht gesetzt im Statusverzeichnis',
  'Size of all recordings together at which the oldest are removed':
    'Größe aller Aufzeichnungen zusammen, ab der die ältesten entfernt werden',
  'How long a recording is kept; 0 keeps it as long as there is room':
    'Wie lange eine Aufzeichnung aufbewahrt wird; 0 behält sie, solange Platz ist',
  'Largest size of one recording, which stops there': 'Größe einer Aufzeichnung, bei der sie endet',
  'Free space on the disk below which recordings stop':
    'Freier Platz auf der Platte, unter dem Aufzeichnungen enden',
  'When sessions may be opened on this host, unchecked by authentik’s policies: never, unreachable or always':
    'Wann auf diesem Rechner Sitzungen geöffnet werden dürfen, ungeprüft von den Richtlinien von authentik: never (nie), unreachable (unerreichbar) oder always (immer)',
  'With unreachable: how long authentik must have been out of reach':
    'Bei unreachable: wie lange authentik unerreichbar gewesen sein muss',
  'Ask for a reason before a session is opened on this host, and keep it in the journal':
    'Nach einem Grund fragen, bevor auf diesem Rechner eine Sitzung geöffnet wird, und ihn im Journal festhalten',
  'Record every session that is opened on this host, whatever else is set':
    'Jede auf diesem Rechner geöffnete Sitzung aufzeichnen, was auch sonst eingestellt ist',
  'Ask for the vault’s passphrase before each session that is opened on this host':
    'Vor jeder auf diesem Rechner geöffneten Sitzung nach der Passphrase des Tresors fragen',
  'Group of this system whose members may open sessions through a service, and nobody else':
    'Gruppe dieses Systems, deren Mitglieder über einen Dienst Sitzungen öffnen dürfen, und sonst niemand',
  'How long the vault stays unlocked': 'Wie lange der Tresor entsperrt bleibt',
  'Sessions at once; where not set, what free memory carries':
    'Sitzungen zugleich; nicht gesetzt so viele, wie der freie Speicher trägt',
  'How long a session waits for whoever has left (authentik tells reload and logout alike); 0: not at all':
    'Wie lange eine Sitzung auf eine Person wartet, die gegangen ist, durch neues Laden oder Abmelden (authentik sagt beides gleich); 0: gar nicht',
  'Let guacd tell people that somebody watches their session, where it can':
    'guacd den Personen sagen lassen, dass jemand bei ihrer Sitzung zusieht, wo es das kann',
  'Time a session may take until it is live': 'Zeit, die der Aufbau einer Sitzung dauern darf',
  'What may wait in each direction of a session before its sender is held back':
    'Was je Richtung einer Sitzung warten darf, bevor der Absender gebremst wird',
  'Longest single instruction': 'Längste einzelne Anweisung',
  'Longest websocket message that is taken from authentik':
    'Längste Websocket-Nachricht, die von authentik angenommen wird',
  'Time zone that machines are told; where not set, this host’s':
    'Zeitzone, die Rechnern genannt wird; nicht gesetzt die dieses Rechners',
  'Where the drives of sessions lie; where not set, in the state directory':
    'Wo die Laufwerke der Sitzungen liegen; nicht gesetzt im Statusverzeichnis',
  'File with the key that secrets are encrypted with; where not set, in the state directory':
    'Datei mit dem Schlüssel, der Geheimnisse verschlüsselt; nicht gesetzt im Statusverzeichnis',
  'Directory of settings, secrets, log and control socket':
    'Verzeichnis für Einstellungen, Geheimnisse, Protokoll und Steuer-Socket',

  // What an outpost's options in authentik mean.
  'How much the outpost logs: trace, debug, info, warning or error.':
    'Wie viel der Outpost protokolliert: trace, debug, info, warning oder error.',
  'Used at once, unless a level is set on this host.':
    'Gilt sofort, sofern auf diesem Rechner keine Stufe gesetzt ist.',
  'How often the outpost asks authentik for its configuration.':
    'Wie oft der Outpost authentik nach seiner Konfiguration fragt.',
  'Used, as the seconds that authentik makes of it (refresh_interval_s).':
    'Gilt, als die Sekunden, die authentik daraus macht (refresh_interval_s).',
  'The address under which outposts reach authentik.': 'Die Adresse, unter der Outposts authentik erreichen.',
  'Not used: this outpost must know the address before it can ask for it (AUTHENTIK_HOST).':
    'Nicht verwendet: Dieser Outpost muss die Adresse kennen, bevor er danach fragen kann (AUTHENTIK_HOST).',
  'Whether outposts skip the verification of authentik’s certificate.':
    'Ob Outposts die Prüfung des Zertifikats von authentik überspringen.',
  'Not used: whom to trust is decided on this host (AUTHENTIK_INSECURE, or better a CA file).':
    'Nicht verwendet: Wem vertraut wird, entscheidet dieser Rechner (AUTHENTIK_INSECURE oder besser eine CA-Datei).',
  'The address under which people’s browsers reach authentik.':
    'Die Adresse, unter der Browser authentik erreichen.',
  'Not used: in a RAC session the browser talks to authentik alone.':
    'Nicht verwendet: In einer RAC-Sitzung spricht der Browser nur mit authentik.',
  'How deployed objects are named.': 'Wie bereitgestellte Objekte heißen.',
  'The image that a deployed outpost runs.': 'Das Image, das ein bereitgestellter Outpost ausführt.',
  'The Docker network of a deployed outpost.': 'Das Docker-Netz eines bereitgestellten Outposts.',
  'Whether a deployed container’s ports are published.':
    'Ob die Ports eines bereitgestellten Containers veröffentlicht werden.',
  'Labels for a deployed container.': 'Labels eines bereitgestellten Containers.',
  'How many replicas are deployed.': 'Wie viele Replikate bereitgestellt werden.',
  'The namespace that is deployed into.': 'Der Namespace, in den bereitgestellt wird.',
  'Annotations of the ingress.': 'Annotationen des Ingress.',
  'The secret with the ingress’s certificate.': 'Das Secret mit dem Zertifikat des Ingress.',
  'The class of the ingress.': 'Die Klasse des Ingress.',
  'How the ingress matches paths.': 'Wie der Ingress Pfade vergleicht.',
  'Annotations of the HTTPRoute.': 'Annotationen der HTTPRoute.',
  'The gateways that the HTTPRoute belongs to.': 'Die Gateways, zu denen die HTTPRoute gehört.',
  'The type of the service.': 'Der Typ des Service.',
  'Parts that are not deployed.': 'Teile, die nicht bereitgestellt werden.',
  'The secrets that the image is pulled with.': 'Die Secrets, mit denen das Image bezogen wird.',
  'Changes to what is deployed.': 'Änderungen an dem, was bereitgestellt wird.',
  'Not used: it tells authentik how to deploy an outpost of its own; this one runs where you started it.':
    DEPLOYED,
  'Not used: it tells authentik how to deploy an outpost into Kubernetes; this one runs on this host.':
    KUBERNETES,
  'Not used: it tells authentik how to deploy an outpost with Docker; this one runs on this host.': DOCKER,
  'Not used: this version of Sallyport does not know it.':
    'Nicht verwendet: Diese Version von Sallyport kennt es nicht.',

  // How sessions end.
  'the user left': 'Die Person ist gegangen',
  'the machine ended it': 'Der Rechner hat sie beendet',
  'ended by an administrator of this host': 'Von der Administration dieses Rechners beendet',
  'nobody came back to it': 'Niemand kam zu ihr zurück',
  'a guardrail of this host ended it': 'Von einer Regel dieses Rechners beendet',
  'ended by authentik': 'Von authentik beendet',
  'it failed': 'Sie ist gescheitert',
  'it was refused': 'Sie wurde abgelehnt',
  'the browser’s end was lost': 'Die Seite des Browsers ging verloren',
  'guacd was lost': 'guacd ging verloren',
  'the outpost stopped': 'Der Outpost wurde angehalten',

  // Why a check of the doctor was not tried.
  'authentik’s address, proxy or certificates are not set right':
    'Adresse, Proxy oder Zertifikate von authentik sind nicht richtig gesetzt',
  'the name was not resolved': 'der Name wurde nicht aufgelöst',
  'there is no TCP connection': 'es gibt keine TCP-Verbindung',
  'there is no safe connection': 'es gibt keine sichere Verbindung',
  'the API did not answer': 'die API hat nicht geantwortet',
  'the clocks do not agree': 'die Uhren stimmen nicht überein',
  'the token was not accepted': 'das Token wurde nicht angenommen',
  'the token belongs to no RAC outpost': 'das Token gehört zu keinem RAC-Outpost',
  'no provider is assigned': 'kein Provider ist zugewiesen',
  'the websocket was not opened': 'der Websocket wurde nicht geöffnet',
  'there is no guacd': 'es gibt kein guacd',
  'the settings could not be read': 'die Einstellungen ließen sich nicht lesen',
  'the state directory is not safe': 'das Statusverzeichnis ist nicht sicher',
  'there is no token': 'es gibt kein Token',
  'the metrics port is taken': 'der Port für Metriken ist belegt',

  // What a diagnostics file holds.
  'This app and this system': 'Diese App und dieses System',
  'What the outpost says of itself': 'Was der Outpost über sich sagt',
  Versions: 'Versionen',
  'Effective settings and where they come from; no secret':
    'Geltende Einstellungen und woher sie kommen; kein Geheimnis',
  'The outpost’s options in authentik': 'Die Optionen des Outposts in authentik',
  'The checks of the doctor, made just now': 'Die Prüfungen, gerade eben durchgeführt',
  'Bytes and sessions of the last hour': 'Bytes und Sitzungen der letzten Stunde',
  'What guacd said last': 'Was guacd zuletzt sagte',
  'The newest lines of the log': 'Die neuesten Protokollzeilen',
  'A log file': 'Eine Protokolldatei',

  // What the log says of the outpost's own doings.
  Online: 'Online',
  'Outpost changed': 'Zustand des Outposts geändert',
  'guacd is up': 'guacd läuft',
  'Metrics are served': 'Metriken stehen bereit',
  'Log level changed': 'Protokollstufe geändert',
  'Sallyport begins': 'Sallyport beginnt',
  Ending: 'Wird beendet',
  Ended: 'Beendet',
};
