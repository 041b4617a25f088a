import * as v from 'valibot';
import type { Machine } from '../core/offline/machines/machine.ts';
import type { ParameterInfo } from '../core/offline/machines/parameter-table.ts';
import type {
  ImportPreview,
  ImportResult,
  MachineProblem,
  PlanRow,
} from '../core/offline/machines/shapes.ts';
import { failure } from './status-schema.ts';

/* The address book as it crosses the control socket. */

/** Machines in one answer of `machines/list`. */
export const MAX_MACHINES_PAGE = 1000;
/** Characters of base64 in one piece of a file; the file itself may be longer. */
export const MAX_PIECE = 512 * 1024;

const nothing = v.object({});
const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const ids = list(id);
const port = v.nullable(v.number());
const texts = list(text);
const protocol = v.picklist(['ssh', 'rdp', 'vnc', 'telnet', 'kubernetes']);

/** What is asked for is judged with sentences by `check.ts`; here only its shape and size are. */
const short = v.pipe(v.string(), v.maxLength(4096));
const draft = v.object({
  name: short,
  group: short,
  tags: v.pipe(v.array(short), v.maxLength(256), v.readonly()),
  protocol: short,
  host: short,
  port,
  user: short,
  credential: v.nullable(id),
  gatewayCredential: v.nullable(id),
  sftpCredential: v.nullable(id),
  parameters: v.record(short, v.pipe(v.string(), v.maxLength(128 * 1024))),
  notes: v.pipe(v.string(), v.maxLength(64 * 1024)),
  wakeAddress: short,
  guacd: short,
});

const machine: v.GenericSchema<unknown, Machine> = v.object({
  id: text,
  name: text,
  group: text,
  tags: texts,
  protocol,
  host: text,
  port,
  user: text,
  credential: v.nullable(text),
  gatewayCredential: v.nullable(text),
  sftpCredential: v.nullable(text),
  parameters: v.record(text, text),
  notes: text,
  wakeAddress: text,
  guacd: text,
  createdAt: v.number(),
  updatedAt: v.number(),
});

const problem: v.GenericSchema<unknown, MachineProblem> = v.object({ field: text, failure });

const parameter: v.GenericSchema<unknown, ParameterInfo> = v.object({
  name: text,
  protocols: list(protocol),
  group: v.picklist(['login', 'display', 'session', 'clipboard', 'files', 'sound', 'speed', 'network']),
  kind: v.picklist(['text', 'lines', 'number', 'yes-no', 'choice']),
  choices: texts,
  default: v.nullable(text),
  meaning: text,
});

const planRow: v.GenericSchema<unknown, PlanRow> = v.object({
  key: text,
  action: v.picklist(['add', 'change', 'skip']),
  name: text,
  protocol: text,
  host: text,
  port,
  origin: text,
  why: v.nullable(text),
  fields: texts,
  notes: texts,
  secret: v.nullable(v.picklist(['kept', 'left-out'])),
});

const preview: v.GenericSchema<unknown, ImportPreview> = v.object({
  import: text,
  rows: list(planRow),
  sealed: v.boolean(),
  canKeepSecrets: v.boolean(),
});

const applied: v.GenericSchema<unknown, ImportResult> = v.object({
  added: count,
  changed: count,
  skipped: count,
  credentials: count,
  failure: v.nullable(failure),
});

const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

export const MACHINES_REQUESTS = {
  /** By group and name, a page at a time; `revision` tells whether the book changed between two pages. */
  'machines/list': {
    params: v.object({
      offset: v.exactOptional(count),
      limit: v.exactOptional(v.pipe(count, v.maxValue(MAX_MACHINES_PAGE))),
      search: v.exactOptional(short),
      group: v.exactOptional(short),
      tag: v.exactOptional(short),
    }),
    result: v.object({ machines: list(machine), total: count, revision: count }),
  },
  'machines/subscribe': { params: nothing, result: v.object({ revision: count }) },
  'machines/get': { params: v.object({ id }), result: machine },
  /** Adds where `id` is null. */
  'machines/put': { params: v.object({ id: v.nullable(id), machine: draft }), result: machine },
  /** Everything that `put` would find wrong; nothing is kept. */
  'machines/check': { params: v.object({ machine: draft }), result: v.object({ problems: list(problem) }) },
  /** All of them, or none. */
  'machines/remove': { params: v.object({ ids }), result: v.object({ removed: count }) },
  /** What Guacamole's connections can be told, explained. */
  'machines/parameters': { params: nothing, result: v.object({ parameters: list(parameter) }) },
  /** Pieces of files, one after the other, before they are looked at; the first has no `import`. */
  'machines/import/upload': {
    params: v.object({
      import: v.nullable(id),
      name: v.pipe(v.string(), v.maxLength(1024)),
      format: v.nullable(v.picklist(['rdp', 'csv', 'json', 'ssh-config', 'known-hosts'])),
      /** Base64. */
      data: v.pipe(v.string(), v.maxLength(MAX_PIECE), v.regex(/^[A-Za-z0-9+/]*={0,2}$/)),
      begins: v.boolean(),
    }),
    result: v.object({ import: text }),
  },
  'machines/import/preview': {
    params: v.object({ import: id, passphrase: v.exactOptional(secret) }),
    result: preview,
  },
  /** Asks authentik, with an admin's token that is used for this and not kept. */
  'machines/import/authentik': { params: v.object({ token: secret }), result: preview },
  /** Does what the preview said, without the rows in `leave`. */
  'machines/import/apply': {
    params: v.object({ import: id, leave: list(v.pipe(v.string(), v.maxLength(16))) }),
    result: applied,
  },
  'machines/import/forget': { params: v.object({ import: id }), result: nothing },
  /** With a passphrase the credentials are in it, sealed. Without `ids` all machines. */
  'machines/export': {
    params: v.object({ ids: v.exactOptional(ids), passphrase: v.exactOptional(secret) }),
    result: v.object({ text, machines: count, credentials: count }),
  },
  /** Makes a machine of a session, open or ended; `left`: names of parameters that were left out. */
  'machines/save-session': { params: v.object({ id }), result: v.object({ machine, left: texts }) },
  /** Sends the packet that wakes the machine; `address`: where to. */
  'machines/wake': { params: v.object({ id }), result: v.object({ address: text }) },
  /** Asks the desktop apps that follow to open a viewer; `apps`: how many there are. */
  'machines/connect': { params: v.object({ id }), result: v.object({ apps: count }) },
  /** The same for a running session that somebody wants to watch. */
  'viewer/watch': { params: v.object({ id }), result: v.object({ apps: count }) },
  /** From now on this connection hears `viewer/requested`. */
  'viewer/follow': { params: nothing, result: nothing },
} as const;

/** What a viewer is to show: a machine of the address book, or a running session; by id. */
const viewerTarget = v.variant('kind', [
  v.object({ kind: v.literal('machine'), id }),
  v.object({ kind: v.literal('session'), id }),
]);
export type RequestedViewer = v.InferOutput<typeof viewerTarget>;

export const MACHINES_NOTIFICATIONS = {
  'machines/changed': v.object({ revision: count }),
  'viewer/requested': viewerTarget,
} as const;
