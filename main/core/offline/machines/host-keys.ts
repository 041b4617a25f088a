import { createHmac } from 'node:crypto';
import { Breath } from '../../base/breath.ts';
import type { HostKey } from './import-types.ts';
import { wildcard } from './ssh-config.ts';

/** A machine that a key may belong to. */
export interface KeyTarget {
  readonly id: string;
  /** Names as `known_hosts` writes them; the first is the one that is connected to. */
  readonly names: readonly string[];
}

export interface MatchedKey {
  readonly type: string;
  /** The line for `host-key`, with the name that is connected to. */
  readonly line: string;
  readonly origin: string;
}

/** Hashed names and patterns that are compared with known names; each costs about a microsecond. */
const MAX_COMPARISONS = 2_000_000;
/** What guacd's SSH library asks a server for first. A server that has that key shows no other. */
const PREFERENCE = [
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-ed25519',
  'ssh-rsa',
];

/** `host`, or `[host]:port` where the port is not SSH's own. Source: sshd(8). */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

export interface KeyMatches {
  readonly keys: ReadonlyMap<string, readonly MatchedKey[]>;
  /** Keys that belong to none of the targets. */
  readonly unmatched: readonly HostKey[];
}

/** Which keys belong to which machines. Hashed names are matched against the machines' names; nothing else can be. */
export async function matchHostKeys(
  keys: readonly HostKey[],
  targets: readonly KeyTarget[],
): Promise<KeyMatches> {
  const byName = new Map<string, KeyTarget[]>();
  for (const target of targets) for (const name of target.names) add(byName, name, target);
  const names = [...byName.keys()];
  const matched = new Map<string, MatchedKey[]>();
  const unmatched: HostKey[] = [];
  const breath = new Breath();
  let comparisons = 0;
  for (const key of keys) {
    const found = new Set<KeyTarget>();
    for (const pattern of key.names) {
      await breath.take();
      if (/^\||[*?]/.test(pattern)) {
        comparisons += names.length;
        if (comparisons > MAX_COMPARISONS) continue;
      }
      for (const name of namesFitting(pattern, names, byName))
        for (const target of byName.get(name) ?? []) found.add(target);
    }
    if (found.size === 0) unmatched.push(key);
    for (const { id, names: own } of found) {
      const line = `${own[0] ?? ''} ${key.type} ${key.key}`;
      add(matched, id, { type: key.type, line, origin: key.origin });
    }
  }
  return { keys: matched, unmatched };
}

function add<Value>(lists: Map<string, Value[]>, name: string, value: Value): void {
  const list = lists.get(name);
  if (list) list.push(value);
  else lists.set(name, [value]);
}

/** The key to keep: a machine has room for one, and it should be the one that guacd will be shown. */
export function bestKey(keys: readonly MatchedKey[]): MatchedKey | undefined {
  const rank = ({ type }: MatchedKey) => {
    const at = PREFERENCE.indexOf(type);
    return at < 0 ? PREFERENCE.length : at;
  };
  return [...keys].sort((one, other) => rank(one) - rank(other))[0];
}

/** Whether a server might show guacd another key than this one. */
export function mayBeAnother(key: MatchedKey): boolean {
  return !key.type.startsWith('ecdsa-');
}

function namesFitting(
  pattern: string,
  names: readonly string[],
  byName: ReadonlyMap<string, unknown>,
): readonly string[] {
  if (pattern.startsWith('|')) {
    const fits = hashed(pattern);
    return fits === null ? [] : names.filter(fits);
  }
  const lower = pattern.toLowerCase();
  // A refusal only narrows a wildcard of the same line, and a key that is looked at again does no harm.
  if (lower.startsWith('!')) return [];
  if (!/[*?]/.test(lower)) return byName.has(lower) ? [lower] : [];
  return names.filter(wildcard(lower));
}

/** `|1|salt|hash`: HMAC-SHA1 of the name. */
function hashed(pattern: string): ((name: string) => boolean) | null {
  const [, version, saltText = '', hash = ''] = pattern.split('|');
  const salt = Buffer.from(saltText, 'base64');
  if (version !== '1' || salt.length === 0) return null;
  return (name) => createHmac('sha1', salt).update(name).digest('base64') === hash;
}
