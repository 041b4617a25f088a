import * as v from 'valibot';
import type { AuditEntry } from '../../../main/core/audit-event.ts';
import { verifyJournal } from '../../../main/core/offline/audit/verify.ts';
import { eventually } from '../../run/eventually.ts';
import { ask, isOnline, untilState } from '../app-state.ts';
import { PracticeSite } from '../practice-site.ts';
import { journalOf, type OfflineScene } from './scene.ts';

const STEP_MS = 90_000;

/** What must have reached authentik of the time without it, in this order; between them there may be more. */
const MUST_HAVE = [
  'vault-created',
  ...['machine-added', 'machine-added', 'machine-added'],
  ...['ssh', 'vnc', 'rdp'].flatMap((protocol) =>
    ['local-session-asked', 'session-opened', 'session-ended'].map((kind) => `${kind} ${protocol}`),
  ),
  ...['guardrails-changed', 'session-refused ssh', 'recording-played'],
];

const Told = v.object({ entry: v.number(), kind: v.string(), at: v.string() });

/** authentik answers again, and the outpost finds it. */
export async function returned({ app, practice }: OfflineScene): Promise<string> {
  await practice.authentik.setFaults({ down: false });
  await ask(app, 'outpost/retry');
  await untilState(app, isOnline, STEP_MS);
  const { status } = await untilState(app, (state) => state.status?.offline?.open === false, STEP_MS);
  return `online; no session is opened here now: ${status?.offline?.because ?? ''}`;
}

/** Everything that was done meanwhile is in its event list, once and in order. */
export async function events(scene: OfflineScene): Promise<string> {
  const { control, practice, lastBefore = 0 } = scene;
  await handedOver(scene);
  const told = toldTo(scene);
  for (const [at, { entry }] of told.entries())
    if (entry <= (told[at - 1]?.entry ?? 0)) throw new Error(`Entry ${entry} came twice or out of order.`);
  const { entries } = await control.request('audit/recent', { limit: 500 });
  const kept = new Map(entries.map((entry) => [entry.n, entry]));
  for (const { entry, kind, at } of told)
    if (kept.get(entry)?.event.kind !== kind || kept.get(entry)?.at !== at)
      throw new Error(`Entry ${entry} is not what the journal has.`);
  // Nobody but people of this host has done anything meanwhile.
  const meanwhile = entries.filter(({ n }) => n > lastBefore).reverse();
  const untold = meanwhile.filter(({ n }) => !told.some(({ entry }) => entry === n));
  if (untold.length > 0) throw new Error(`It was not told of ${untold.map(inWords).join(', ')}.`);
  const missing = firstMissing(meanwhile.map(inWords));
  if (missing !== undefined)
    throw new Error(`“${missing}” is not where it belongs: ${meanwhile.map(inWords).join(', ')}.`);
  const { events: onPage } = await new PracticeSite(practice.authentik.url).state();
  if (!onPage.some(({ words }) => words.endsWith(told.at(-1)?.kind ?? '')))
    throw new Error('Its page does not show the last of them.');
  return `${meanwhile.length} events of the time without it, each once and in order`;
}

/** authentik goes away and comes back once more: it knows everything already. */
export async function nothingTwice(scene: OfflineScene): Promise<string> {
  const before = toldTo(scene);
  await scene.practice.authentik.setFaults({ down: true });
  await untilState(scene.app, ({ status }) => status?.link.kind === 'waiting', STEP_MS);
  await returned(scene);
  await handedOver(scene);
  const again = toldTo(scene).slice(before.length);
  if (again.length > 0) throw new Error(`It was told of ${again.map(({ kind }) => kind).join(', ')} again.`);
  return `still ${before.length} events`;
}

/** Resolves when there is nothing left that authentik has not been told. */
function handedOver({ control }: OfflineScene): Promise<void> {
  return eventually(async () => {
    const { handOver } = await control.request('audit/recent', { limit: 1 });
    if (handOver.failure) throw new Error(handOver.failure.message);
    return handOver.waiting === 0;
  }, STEP_MS);
}

/** What authentik has been told by this outpost, in the order in which it came. */
function toldTo({ practice }: OfflineScene): readonly v.InferOutput<typeof Told>[] {
  return practice.authentik.journal.events
    .filter(({ app }) => app === 'sallyport')
    .map(({ context }) => v.parse(Told, context));
}

function inWords({ event }: Pick<AuditEntry, 'event'>): string {
  return 'protocol' in event ? `${event.kind} ${event.protocol}` : event.kind;
}

/** Nobody has changed the journal. */
export async function journal(scene: OfflineScene): Promise<string> {
  const { n, broken, torn } = await verifyJournal(journalOf(scene));
  if (broken !== null) throw new Error(`In ${journalOf(scene)}, ${broken}.`);
  if (torn.length > 0) throw new Error('It ends in the middle of a line.');
  return `${n} entries, each bound to the one before it`;
}

function firstMissing(kinds: readonly string[]): string | undefined {
  let at = 0;
  for (const wanted of MUST_HAVE) {
    const found = kinds.indexOf(wanted, at);
    if (found < 0) return wanted;
    at = found + 1;
  }
  return undefined;
}
