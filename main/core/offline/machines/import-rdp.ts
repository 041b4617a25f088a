import { type Candidate, type Reading, shown } from './import-types.ts';

/*
 * `.rdp` files of Microsoft's clients and those that write the same: `name:type:value` on each line, type `s` (text),
 * `i` (number) or `b` (bytes in hex). Source: Microsoft, “Supported RDP properties”.
 */

/** The longest that a client writes has a few KiB. */
const MAX_LENGTH = 256 * 1024;

type Properties = ReadonlyMap<string, string>;

/** `fileName` without its ending becomes the machine's name. */
export function readRdp(text: string, fileName: string): Reading {
  if (text.length > MAX_LENGTH) return skipped(fileName, fileName, 'No .rdp file is so long.');
  const { properties, unread } = propertiesOf(text);
  const address = properties.get('full address') || properties.get('alternate full address') || '';
  const name = fileName.replace(/^.*[\\/]/, '').replace(/\.rdp$/i, '');
  if (properties.size === 0)
    return skipped(fileName, name, 'This is no .rdp file: no line of it names a property.');
  if (address.trim() === '')
    return skipped(fileName, name, 'It names no machine: “full address” is missing or empty.');
  const { host, port } = splitAddress(address, properties.get('server port'));
  const login = loginOf(properties);
  const candidate: Candidate = {
    origin: fileName,
    draft: {
      name: name === '' ? host : name,
      protocol: 'rdp',
      host,
      port,
      ...(login.user !== '' && { user: login.user }),
      parameters: { ...(login.domain !== '' && { domain: login.domain }), ...parametersOf(properties) },
    },
    credentials: {},
    aliases: [],
    notes: notesOf(properties, unread),
  };
  return { candidates: [candidate], skipped: [], hostKeys: [] };
}

function propertiesOf(text: string): { properties: Properties; unread: number } {
  const properties = new Map<string, string>();
  let unread = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    // No regular expression: one for a name with blanks around it takes for ever on a line of blanks.
    const [before = '', kind = '', ...rest] = line.split(':');
    const name = before.trim().toLowerCase();
    const type = kind.trim().toLowerCase();
    const value = rest.join(':').trim();
    const isProperty = rest.length > 0 && name !== '' && name.length <= 64 && /^[sib]$/.test(type);
    if (!isProperty || (type === 'i' && !/^-?\d{1,10}$/.test(value))) unread += 1;
    else properties.set(name, value);
  }
  return { properties, unread };
}

/** `host`, `host:port`, `[v6]:port` or a bare v6; the port in the address outranks the property. */
export function splitAddress(address: string, portText?: string): { host: string; port: number | null } {
  const text = address.trim();
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]*)(?::(\d+))?$/.exec(text);
  const host = match?.[1] ?? text;
  const port = match?.[2] ?? portText;
  return { host, port: port === undefined || port === '' ? null : Number(port) };
}

/** `DOMAIN\user`, `user@domain` as it is (the server understands it), or the two apart. */
function loginOf(properties: Properties): { user: string; domain: string } {
  const whole = properties.get('username') ?? '';
  const apart = properties.get('domain') ?? '';
  const match = /^([^\\]+)\\(.+)$/.exec(whole);
  // `.\user` and `MACHINE\user` alike: what stands before the bar is what Windows calls a domain.
  return match
    ? { domain: match[1] === '.' ? '' : (match[1] ?? ''), user: match[2] ?? '' }
    : { domain: apart, user: whole };
}

function parametersOf(properties: Properties): Record<string, string> {
  const parameters: Record<string, string> = {};
  const take = (property: string, parameter: string, values: Readonly<Record<string, string>>) => {
    const given = properties.get(property) ?? '';
    const value = Object.hasOwn(values, given) ? values[given] : undefined;
    if (value !== undefined) parameters[parameter] = value;
  };
  const takeText = (property: string, parameter: string) => {
    const value = properties.get(property) ?? '';
    if (value !== '') parameters[parameter] = value;
  };
  take('session bpp', 'color-depth', { '8': '8', '15': '16', '16': '16', '24': '24', '32': '32' });
  take('audiomode', 'disable-audio', { '2': 'true' });
  take('audiomode', 'console-audio', { '1': 'true' });
  take('audiocapturemode', 'enable-audio-input', { '1': 'true' });
  take('redirectclipboard', 'disable-copy', { '0': 'true' });
  take('redirectclipboard', 'disable-paste', { '0': 'true' });
  take('disable wallpaper', 'enable-wallpaper', { '0': 'true' });
  take('disable themes', 'enable-theming', { '0': 'true' });
  take('disable full window drag', 'enable-full-window-drag', { '0': 'true' });
  take('disable menu anims', 'enable-menu-animations', { '0': 'true' });
  take('allow font smoothing', 'enable-font-smoothing', { '1': 'true' });
  take('allow desktop composition', 'enable-desktop-composition', { '1': 'true' });
  take('administrative session', 'console', { '1': 'true' });
  take('connect to console', 'console', { '1': 'true' });
  takeText('loadbalanceinfo', 'load-balance-info');
  takeText('pcb', 'preconnection-blob');
  takeText('alternate shell', 'initial-program');
  if (properties.get('remoteapplicationmode') === '1') {
    takeText('remoteapplicationprogram', 'remote-app');
    takeText('shell working directory', 'remote-app-dir');
    takeText('remoteapplicationcmdline', 'remote-app-args');
  }
  // 0 and 4: the gateway stands there and is not used.
  if (['1', '2'].includes(properties.get('gatewayusagemethod') ?? ''))
    takeText('gatewayhostname', 'gateway-hostname');
  return parameters;
}

function notesOf(properties: Properties, unread: number): string[] {
  const notes: string[] = [];
  if (properties.has('password 51'))
    notes.push(
      'The password was left out: only the Windows account that saved it can decrypt it. You will be asked for it.',
    );
  if (properties.get('authentication level') === '0')
    notes.push(
      'The file says to take any certificate; that was left out. Set “ignore-cert” where it cannot be otherwise.',
    );
  if (unread > 0)
    notes.push(
      `${unread === 1 ? 'One line' : `${unread} lines`} could not be read and ${unread === 1 ? 'was' : 'were'} left out.`,
    );
  return notes;
}

function skipped(origin: string, name: string, why: string): Reading {
  return { candidates: [], skipped: [{ origin, name: shown(name), why }], hostKeys: [] };
}
