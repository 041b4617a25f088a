import { Breath } from '../../base/breath.ts';
import { SallyportError } from '../../errors.ts';
import { cleanDraft } from './check.ts';
import { type Candidate, type CredentialsFound, type Reading, shown } from './import-types.ts';
import { KnownMachines } from './known-machines.ts';
import {
  CREDENTIAL_USES,
  EMPTY_DRAFT,
  type Machine,
  type MachineDraft,
  NO_CREDENTIALS,
  usesOf,
} from './machine.ts';
import { takeHostKeys } from './plan-host-keys.ts';
import { type Draftable, EMPTY_ROW, placeIn } from './plan-row.ts';
import type { PlanRow } from './shapes.ts';

/** A row that would change the book, with what it would put there. */
export interface PlannedEntry {
  readonly id: string | null;
  /** Of a new machine: the id that it had elsewhere. */
  readonly newId: string | null;
  readonly draft: MachineDraft;
  /** Those that are to be kept. */
  readonly credentials: CredentialsFound;
}

export interface ImportPlan {
  readonly rows: readonly PlanRow[];
  readonly entries: ReadonlyMap<string, PlannedEntry>;
}

/** An entry that was read, before anybody looked which machine of the book it is. */
interface Fresh {
  readonly key: string;
  readonly candidate: Candidate;
  readonly draft: MachineDraft;
}

/** Compares what was read with the book, entry by entry. `canKeep`: the vault takes secrets now. */
export async function planImport(
  readings: readonly Reading[],
  machines: readonly Machine[],
  canKeep: boolean,
): Promise<ImportPlan> {
  const rows: PlanRow[] = [];
  const known = new KnownMachines(machines);
  const drafts: Draftable[] = [];
  const breath = new Breath();
  let keys = 0;
  const nextKey = () => {
    keys += 1;
    return String(keys);
  };
  const fresh: Fresh[] = [];
  for (const candidate of readings.flatMap(({ candidates }) => candidates)) {
    await breath.take();
    const key = nextKey();
    const found = freshFrom(candidate, known);
    if ('why' in found) rows.push(skippedRow(key, candidate, found.why));
    else fresh.push({ key, candidate, draft: found.draft });
  }
  // Who is surely a machine of the book has it before those who might be.
  const byId = new Map(fresh.map(({ key, candidate }) => [key, known.takeById(candidate)]));
  const same = new Map(fresh.map(({ key, draft }) => [key, byId.get(key) ?? known.takeSame(draft)]));
  for (const item of fresh) {
    await breath.take();
    const { key, candidate, draft } = item;
    const made = draftOver(same.get(key) ?? known.takeFitting(draft), item);
    if ('why' in made) rows.push(skippedRow(key, candidate, made.why));
    else drafts.push({ key, candidate, origin: candidate.origin, notes: [...candidate.notes], ...made });
  }
  rows.push(...(await takeHostKeys(readings, machines, drafts, nextKey)));
  for (const { origin, name, why } of readings.flatMap(({ skipped }) => skipped))
    rows.push({ ...EMPTY_ROW, key: nextKey(), name, origin, why });
  const entries = new Map<string, PlannedEntry>();
  const decided = drafts.map((draft) => decide(draft, canKeep, entries));
  return { rows: [...decided, ...rows].sort(byAction), entries };
}

const ORDER = ['add', 'change', 'skip'] as const;

function byAction(one: PlanRow, other: PlanRow): number {
  return ORDER.indexOf(one.action) - ORDER.indexOf(other.action);
}

type NotTaken = { readonly why: string };

function freshFrom(candidate: Candidate, known: KnownMachines): { readonly draft: MachineDraft } | NotTaken {
  try {
    const draft = cleanDraft({ ...EMPTY_DRAFT, ...candidate.draft });
    const earlier = known.readBefore(candidate, draft);
    return earlier === undefined ? { draft } : { why: `It is the same machine as in ${earlier}.` };
  } catch (error) {
    return { why: reasonOf(error) };
  }
}

function draftOver(
  before: Machine | null,
  { candidate, draft }: Fresh,
): { readonly before: Machine | null; readonly draft: MachineDraft } | NotTaken {
  if (before === null) return { before, draft };
  try {
    return { before, draft: cleanDraft(merged(before, draft, candidate, before.id === candidate.id)) };
  } catch (error) {
    return { why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const { message, advice } = SallyportError.from(error, 'The entry');
  return advice === undefined ? message : `${message} ${advice}`;
}

/** What the file says over what is there; what it does not say stays. */
function merged(before: Machine, fresh: MachineDraft, { draft }: Candidate, renamed: boolean): MachineDraft {
  return {
    ...before,
    ...NO_CREDENTIALS,
    ...Object.fromEntries(usesOf(fresh.protocol).map((use) => [use, before[use]])),
    ...(renamed && { name: fresh.name, host: fresh.host, port: fresh.port }),
    protocol: fresh.protocol,
    group: draft.group === undefined ? before.group : fresh.group,
    tags: [...new Set([...before.tags, ...fresh.tags])],
    user: fresh.user === '' ? before.user : fresh.user,
    parameters: { ...before.parameters, ...fresh.parameters },
    notes: renamed || before.notes === '' ? fresh.notes : before.notes,
    wakeAddress: fresh.wakeAddress === '' ? before.wakeAddress : fresh.wakeAddress,
    guacd: fresh.guacd === '' ? before.guacd : fresh.guacd,
  };
}

function decide(item: Draftable, canKeep: boolean, entries: Map<string, PlannedEntry>): PlanRow {
  const { key, before, draft, candidate, origin, notes } = item;
  const row = { ...EMPTY_ROW, ...placeIn(draft), key, origin, notes };
  const { kept, left } = sorted(candidate?.credentials ?? {}, item, canKeep);
  notes.push(...left);
  const uses = CREDENTIAL_USES.filter((use) => kept[use] !== undefined);
  const secret = uses.length > 0 ? 'kept' : left.size > 0 ? 'left-out' : null;
  const fields = before === null ? [] : changedFields(before, draft);
  if (before !== null && fields.length === 0 && uses.length === 0)
    return { ...row, why: `It is there already, as “${shown(before.name)}”.`, secret };
  const newId = before === null ? (candidate?.id ?? null) : null;
  entries.set(key, { id: before?.id ?? null, newId, draft, credentials: kept });
  return {
    ...row,
    action: before === null ? 'add' : 'change',
    fields: before === null ? fields : [...fields, ...uses],
    secret,
  };
}

/** Which of the credentials found go to the vault, and why the others do not. */
function sorted(
  found: CredentialsFound,
  { before, draft }: Draftable,
  canKeep: boolean,
): { readonly kept: CredentialsFound; readonly left: ReadonlySet<string> } {
  const left = new Set<string>();
  const kept = CREDENTIAL_USES.flatMap((use) => {
    const credential = found[use];
    if (credential === undefined) return [];
    if (!usesOf(draft.protocol).includes(use)) left.add(OF_NO_USE);
    else if (before !== null && before[use] !== null) left.add(HAS_ONE);
    else if (!canKeep) left.add(LOCKED);
    else return [[use, credential] as const];
    return [];
  });
  return { kept: Object.fromEntries(kept), left };
}

const LOCKED =
  'The secrets in it are left out, because there is no vault that is unlocked. Unlock it and look again, or be asked for them when you connect.';
const HAS_ONE = 'It has a credential already; the secrets in the file are left out.';
const OF_NO_USE = 'A secret for a gateway or for SFTP is left out: its protocol has no use for it.';

function changedFields(before: Machine, draft: MachineDraft): string[] {
  const { parameters, ...rest } = draft;
  const plain = (Object.keys(rest) as (keyof typeof rest)[]).filter(
    (field) => field in EMPTY_DRAFT && JSON.stringify(before[field]) !== JSON.stringify(draft[field]),
  );
  const changed = Object.keys(parameters).filter((name) => before.parameters[name] !== parameters[name]);
  return [...plain, ...changed];
}

function skippedRow(key: string, { draft, origin }: Candidate, why: string): PlanRow {
  const name = shown(draft.name ?? draft.host ?? '');
  const port = typeof draft.port === 'number' && Number.isFinite(draft.port) ? draft.port : null;
  return {
    ...EMPTY_ROW,
    key,
    name,
    protocol: shown(draft.protocol, 20),
    host: shown(draft.host ?? ''),
    port,
    origin,
    why,
  };
}
