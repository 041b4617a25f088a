import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { wantedBy } from '../../../main/core/audit-search.ts';
import type { CallParams, RequestName, Value } from '../../../preload/contract/console.ts';
import type { HandOver, JournalEntry } from '../../../preload/contract/journal.ts';
import { NOW } from './samples.ts';

type AuditRequest = Extract<RequestName, `audit/${string}`>;
type Handlers = { readonly [N in AuditRequest]: (params: CallParams<N>) => Value<N> };

const ALICE = {
  session: 's-1',
  source: 'authentik',
  protocol: 'ssh',
  user: 'alice',
  machine: 'db-01.corp.example:22',
} as const;
const LOCAL = {
  session: 's-2',
  source: 'local',
  protocol: 'rdp',
  user: 'ops',
  machine: 'ts01:3389',
} as const;
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** A morning on a jump host, oldest first. */
const EVENTS: readonly AuditEvent[] = [
  { kind: 'outpost-started', version: '0.1.0' },
  { kind: 'session-opened', recorded: true, ...ALICE },
  {
    kind: 'session-refused',
    code: 'guardrail',
    failure:
      'A rule of this jump host forbids this session (No other databases): Ask the database team for a slot.',
    source: 'authentik',
    protocol: 'ssh',
    user: 'mallory',
    machine: '10.20.0.9:22',
  },
  {
    kind: 'file-transferred',
    path: '/home/alice/report.pdf',
    direction: 'download',
    size: 1_834_022,
    sha256: DIGEST,
    ...ALICE,
  },
  { kind: 'session-held', ...ALICE },
  { kind: 'session-resumed', ...ALICE },
  { kind: 'session-watched', watcher: 'root', watch: 'began', ...ALICE },
  { kind: 'session-watched', watcher: 'root', watch: 'ended', ...ALICE },
  {
    kind: 'session-ended',
    since: new Date(NOW - 3_000_000).toISOString(),
    how: 'user-left',
    failure: null,
    bytesToPeer: 35_200_100,
    bytesToGuacd: 120_400,
    recording: '2025-11-24-alice',
    ...ALICE,
  },
  { kind: 'vault-unlocked', protection: 'passphrase', by: 'ops' },
  { kind: 'local-session-asked', reason: 'authentik is being upgraded', ...LOCAL },
  { kind: 'session-opened', recorded: false, ...LOCAL },
  { kind: 'machine-changed', machine: 'db-primary' },
  { kind: 'machines-imported', from: 'inventory.csv', added: 214, changed: 3, skipped: 1 },
  { kind: 'guardrails-changed' },
  { kind: 'settings-changed', setting: 'offline.mode', found: true },
  { kind: 'vault-refused', by: 'mallory' },
  { kind: 'vault-locked', because: 'screen' },
];

/** A journal that has gone on for so many entries; the same morning over and over. */
function entriesOf(count: number): readonly JournalEntry[] {
  const hashOf = (n: number) => DIGEST.slice(8) + String(n).padStart(8, '0');
  return Array.from({ length: count }, (_, index) => ({
    n: index + 1,
    at: new Date(NOW - (count - index) * 97_000).toISOString(),
    previous: index === 0 ? '0'.repeat(64) : hashOf(index),
    hash: hashOf(index + 1),
    event: EVENTS[index % EVENTS.length] ?? { kind: 'outpost-stopped' },
  })).reverse();
}

export interface FakeAudit {
  readonly entries?: number;
  readonly handOver?: Partial<HandOver>;
}

export function fakeAudit(given: () => FakeAudit): Handlers {
  const count = () => given().entries ?? EVENTS.length;
  const found = ({ kinds, text }: CallParams<'audit/export'>) =>
    entriesOf(count()).filter(wantedBy({ kinds, text }));
  return {
    'audit/recent': ({ limit, before = Number.MAX_SAFE_INTEGER, ...search }) => ({
      entries: found(search)
        .filter(({ n }) => n < before)
        .slice(0, limit),
      handOver: { wanted: true, upTo: count(), waiting: 0, failure: null, ...given().handOver },
    }),
    'audit/export': (search) => ({
      path: '/home/admin/sallyport-journal-2025-11-24.jsonl',
      entries: found(search).length,
    }),
  };
}
