import * as v from 'valibot';
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
  ...['local-session-asked', 'session-opened', 'session-ended'],
  ...['local-session-asked', 'session-opened', 'session-ended'],
  ...['local-session-asked', 'session-opened', 'session-ended'],
  ...['guardrails-changed', 'session-refused', 'recording-played'],
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
export async function events({ control, practice, lastBefore = 0 }: OfflineScene): Promise<string> {
  await eventually(async () => {
    const { handOver } = await control.request('audit/recent', { limit: 1 });
    if (handOver.failure) throw new Error(handOver.failure.message);
    return handOver.waiting === 0;
  }, STEP_MS);
  const told = practice.authentik.journal.events
    .filter(({ app }) => app === 'sallyport')
    .map(({ context }) => v.parse(Told, context));
  for (const [at, { entry }] of told.entries())
    if (entry <= (told[at - 1]?.entry ?? 0)) throw new Error(`Entry ${entry} came twice or out of order.`);
  const { entries } = await control.request('audit/recent', { limit: 500 });
  const kept = new Map(entries.map(({ n, at, event }) => [n, `${event.kind} ${at}`]));
  for (const { entry, kind, at } of told)
    if (kept.get(entry) !== `${kind} ${at}`) throw new Error(`Entry ${entry} is not what the journal has.`);
  const meanwhile = told.filter(({ entry }) => entry > lastBefore).map(({ kind }) => kind);
  const missing = firstMissing(meanwhile);
  if (missing !== undefined)
    throw new Error(`“${missing}” is not where it belongs: ${meanwhile.join(', ')}.`);
  const { events: onPage } = await new PracticeSite(practice.authentik.url).state();
  if (!onPage.some(({ words }) => words.endsWith(meanwhile.at(-1) ?? '')))
    throw new Error('Its page does not show the last of them.');
  return `${meanwhile.length} events of the time without it, each once and in order`;
}

/** Nobody has changed the journal. */
export async function journal(scene: OfflineScene): Promise<string> {
  const { n, broken, torn } = await verifyJournal(journalOf(scene), 0);
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
