import { Secret } from '../../base/secret.ts';
import type { SessionRequest } from '../request.ts';
import { isLike } from './name.ts';
import { isReservedParameter, type Way } from './parameters.ts';
import type { FileRules, Rule } from './rule.ts';

/** A place that a session goes to, with the address that it is connected to. */
export interface Goal {
  readonly way: Way;
  readonly address: string;
  readonly port: number;
  /** Whether the address takes the name's place in what guacd is told. */
  readonly isResolved: boolean;
}

/** What was sent, as the rule that lets it in wants it. */
export function ruled(sent: SessionRequest['parameters'], rule: Rule | null): SessionRequest['parameters'] {
  const parameters = new Map(sent);
  for (const pattern of rule?.parameters?.forbid ?? [])
    for (const name of sent.keys())
      if (!isReservedParameter(name) && isLike(name.toLowerCase(), pattern.toLowerCase()))
        parameters.delete(name);
  const force = { ...forcedByFiles(rule?.files), ...rule?.parameters?.force };
  for (const [name, value] of Object.entries(force)) parameters.set(name, new Secret(value));
  return parameters;
}

/** The same, going where it was judged to go, whatever a name answers next time. */
export function goingTo(
  parameters: SessionRequest['parameters'],
  goals: readonly Goal[],
): SessionRequest['parameters'] {
  const fixed = new Map(parameters);
  for (const { way, address, port, isResolved } of goals) {
    if (!isResolved) continue;
    fixed.set(way.hostParameter, new Secret(address));
    fixed.set(way.portParameter, new Secret(String(port)));
    const hostKey = HOST_KEY[way.hostParameter];
    const line = hostKey === undefined ? undefined : fixed.get(hostKey)?.reveal();
    if (hostKey !== undefined && line !== undefined)
      fixed.set(hostKey, new Secret(keyLineFor(line, address, port)));
  }
  return fixed;
}

/** The key that a host must show, beside the parameter that names the host. */
const HOST_KEY: Readonly<Record<string, string>> = { hostname: 'host-key', 'sftp-hostname': 'sftp-host-key' };

/**
 * guacd looks a key up by what it connects to, as `known_hosts` does: the address takes the name's place there too.
 * A line without a name is left as it is.
 */
function keyLineFor(line: string, address: string, port: number): string {
  const [name = '', type, ...rest] = line.trim().split(/\s+/);
  const hasName = !/^(ssh|sk|ecdsa)-/.test(name);
  if (!hasName || type === undefined || rest.length === 0) return line;
  const bracketed = `[${address}]:${port}`;
  const names = port === 22 ? `${address},${bracketed}` : `${bracketed},${address}`;
  return [names, type, ...rest].join(' ');
}

/** guacd's own switches, for the ways that files take without authentik's file browser. */
function forcedByFiles(files: FileRules | undefined): Record<string, string> {
  const off = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'true']));
  return {
    ...(files?.upload === false && {
      'rac-allow-upload': 'false',
      ...off(['disable-upload', 'sftp-disable-upload']),
    }),
    ...(files?.download === false && {
      'rac-allow-download': 'false',
      ...off(['disable-download', 'sftp-disable-download']),
    }),
  };
}
