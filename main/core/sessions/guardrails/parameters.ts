/** Where a session would go, as parameters say it. */
export interface Way {
  /** The parameters that it is said by, and that get the address in its place. */
  readonly hostParameter: string;
  readonly portParameter: string;
  readonly host: string;
  /** As it was written; null where guacd takes its default. */
  readonly port: string | null;
  readonly defaultPort: number;
}

/** guacd's defaults. Source: its `settings.c` of each protocol. */
const DEFAULT_PORT: Readonly<Record<string, number>> = {
  ssh: 22,
  rdp: 3389,
  vnc: 5900,
  telnet: 23,
  kubernetes: 8080,
};
const HYPER_V_PORT = 2179;

/** Where guacd sends a packet that wakes when nobody says where. Source: its `wol-constants.h`. */
const EVERYBODY = '255.255.255.255';

/** What else guacd connects to on a session's behalf, and the parameter that switches it on, where there is one. */
const OTHER_WAYS = [
  { protocol: 'rdp', host: 'gateway-hostname', port: 'gateway-port', defaultPort: 443, onlyWith: null },
  { protocol: 'vnc', host: 'dest-host', port: 'dest-port', defaultPort: 5900, onlyWith: null },
  { protocol: null, host: 'sftp-hostname', port: 'sftp-port', defaultPort: 22, onlyWith: 'enable-sftp' },
  {
    protocol: null,
    host: 'wol-broadcast-addr',
    port: 'wol-udp-port',
    defaultPort: 9,
    onlyWith: 'wol-send-packet',
  },
] as const;

const RESERVED = new Set(['hostname', 'port', ...OTHER_WAYS.flatMap(({ host, port }) => [host, port])]);

/** Whether the parameter says where a session goes, so that only its target may be judged, never replaced. */
export function isReservedParameter(name: string): boolean {
  return RESERVED.has(name.toLowerCase());
}

type Value = (parameter: string) => string | undefined;

/** The machine itself, as these parameters say it. */
export function machineWay(protocol: string, value: Value): Way {
  return way('hostname', 'port', defaultPort(protocol, value), value);
}

/** Every other place that guacd would connect to with these parameters. */
export function otherWays(protocol: string, value: Value): readonly Way[] {
  return OTHER_WAYS.filter((other) => other.protocol === null || other.protocol === protocol)
    .filter(({ onlyWith }) => onlyWith === null || value(onlyWith) === 'true')
    .map(({ host, port, defaultPort }) => way(host, port, defaultPort, value))
    .map((other) => (other.host === '' ? { ...other, host: hostUnsaid(protocol, other, value) } : other))
    .filter(({ host }) => host !== '');
}

/** Why nobody can say where guacd would go with these parameters; null where it can be said. */
export function unjudgeable(protocol: string, value: Value): string | null {
  // Often the address of a web page that passes tickets on.
  if (protocol === 'rdp' && (value('kdc-url') ?? '') !== '')
    return 'The session gets its ticket from a server of its own (“kdc-url”)';
  if (protocol !== 'vnc') return null;
  // guacd listens then, and takes whoever calls.
  if (value('reverse-connect') === 'true')
    return 'The session waits for a machine to call (“reverse-connect”)';
  const isHeard = value('enable-audio') === 'true' && (value('audio-servername') ?? '') !== '';
  // PulseAudio's own way to write addresses, also several.
  return isHeard ? 'The session’s sound comes from a server of its own (“audio-servername”)' : null;
}

/** Where guacd goes when no host is named; empty for nowhere. */
function hostUnsaid(protocol: string, { hostParameter }: Way, value: Value): string {
  // Files go to the machine itself, but by SSH and its port. A session by SSH takes its own way for them.
  if (hostParameter === 'sftp-hostname' && protocol !== 'ssh') return value('hostname') ?? '';
  return hostParameter === 'wol-broadcast-addr' ? EVERYBODY : '';
}

function way(hostParameter: string, portParameter: string, fallback: number, value: Value): Way {
  const port = value(portParameter) ?? '';
  return {
    hostParameter,
    portParameter,
    host: value(hostParameter) ?? '',
    port: port === '' ? null : port,
    defaultPort: fallback,
  };
}

function defaultPort(protocol: string, value: Value): number {
  if (protocol === 'rdp' && value('security') === 'vmconnect') return HYPER_V_PORT;
  return DEFAULT_PORT[protocol] ?? 0;
}
