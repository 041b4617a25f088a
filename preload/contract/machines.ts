import * as v from 'valibot';
import type { Machine } from '../../main/core/offline/machines/machine.ts';
import type { ParameterInfo } from '../../main/core/offline/machines/parameter-table.ts';
import type { ImportPreview, ImportResult, MachineProblem } from '../../main/core/offline/machines/shapes.ts';
import { takes } from './request.ts';

/** Characters of a list that can be pasted; a longer one is imported as a file. */
export const MAX_PASTE = 256 * 1024;

const nothing = v.strictObject({});
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const short = v.pipe(v.string(), v.maxLength(4096));
const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const format = v.nullable(v.picklist(['rdp', 'csv', 'json', 'ssh-config', 'known-hosts']));

/** Judged by the outpost, with sentences. */
const draft = v.strictObject({
  name: short,
  group: short,
  tags: v.pipe(v.array(short), v.maxLength(256)),
  protocol: short,
  host: short,
  port: v.nullable(v.number()),
  user: short,
  credential: v.nullable(id),
  gatewayCredential: v.nullable(id),
  sftpCredential: v.nullable(id),
  parameters: v.record(short, v.pipe(v.string(), v.maxLength(128 * 1024))),
  notes: v.pipe(v.string(), v.maxLength(64 * 1024)),
  wakeAddress: short,
  guacd: short,
});

type Nothing = Readonly<Record<string, never>>;

/** A page of the address book. */
export interface MachinesPage {
  readonly machines: readonly Machine[];
  readonly total: number;
  /** Another one on the next page means that the book has changed in between. */
  readonly revision: number;
}

export interface ExportedMachines {
  /** Null where the person cancelled. */
  readonly path: string | null;
  readonly machines: number;
  readonly credentials: number;
}

/** The requests of the Machines page. */
export const MACHINES_REQUESTS = {
  'machines/list': takes(
    v.strictObject({ offset: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  ).gives<MachinesPage>(),
  'machines/put': takes(v.strictObject({ id: v.nullable(id), machine: draft })).gives<Machine>(),
  'machines/check': takes(v.strictObject({ machine: draft })).gives<{
    readonly problems: readonly MachineProblem[];
  }>(),
  'machines/remove': takes(v.strictObject({ ids: v.pipe(v.array(id), v.maxLength(20_000)) })).gives<{
    readonly removed: number;
  }>(),
  'machines/parameters': takes(nothing).gives<{ readonly parameters: readonly ParameterInfo[] }>(),
  /** The main side asks for files and reads them; null where the person cancelled. */
  'machines/import/choose': takes(nothing).gives<{ readonly preview: ImportPreview | null }>(),
  'machines/import/paste': takes(
    v.strictObject({ text: v.pipe(v.string(), v.maxLength(MAX_PASTE)), format }),
  ).gives<ImportPreview>(),
  'machines/import/preview': takes(
    v.strictObject({ import: id, passphrase: v.exactOptional(secret) }),
  ).gives<ImportPreview>(),
  /** The token goes in and never comes out. */
  'machines/import/authentik': takes(v.strictObject({ token: secret })).gives<ImportPreview>(),
  'machines/import/apply': takes(
    v.strictObject({
      import: id,
      leave: v.pipe(v.array(v.pipe(v.string(), v.maxLength(16))), v.maxLength(20_000)),
    }),
  ).gives<ImportResult>(),
  'machines/import/forget': takes(v.strictObject({ import: id })).gives<Nothing>(),
  'machines/export': takes(v.strictObject({ passphrase: v.exactOptional(secret) })).gives<ExportedMachines>(),
  'machines/save-session': takes(v.strictObject({ id })).gives<{
    readonly machine: Machine;
    readonly left: readonly string[];
  }>(),
  'machines/wake': takes(v.strictObject({ id })).gives<{ readonly address: string }>(),
} as const;
