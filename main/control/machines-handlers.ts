import type { Unsubscribe } from '../core/base/emitter.ts';
import { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';
import type { ExportResult } from '../core/offline/machines/export.ts';
import type { UploadPiece } from '../core/offline/machines/imports.ts';
import type { MachineFilter } from '../core/offline/machines/list.ts';
import type { Machine, MachineDraft } from '../core/offline/machines/machine.ts';
import type { ParameterInfo } from '../core/offline/machines/parameter-table.ts';
import type { ImportPreview, ImportResult, MachineProblem } from '../core/offline/machines/shapes.ts';
import { type MACHINES_REQUESTS, MAX_MACHINES_PAGE, type RequestedViewer } from './machines-schema.ts';
import { seenMachine } from './member-view.ts';
import type { ControlHandlers } from './requests.ts';

/** The address book and what is done with it; `process/machines.ts` is one. Failures are those of its parts. */
export interface MachinesDesk {
  list(filter: MachineFilter): Promise<readonly Machine[]>;
  get(id: string): Promise<Machine>;
  readonly revision: number;
  /** Called with the new revision after each change. */
  onChange(listener: (revision: number) => void): Unsubscribe;
  put(id: string | null, draft: RawDraft): Promise<Machine>;
  check(draft: RawDraft): readonly MachineProblem[];
  remove(ids: readonly string[]): Promise<number>;
  parameters(): readonly ParameterInfo[];
  upload(piece: UploadPiece): Promise<string>;
  preview(id: string, passphrase: Secret | null): Promise<ImportPreview>;
  previewAuthentik(token: Secret, signal: AbortSignal): Promise<ImportPreview>;
  apply(id: string, leave: readonly string[]): Promise<ImportResult>;
  forget(id: string): Promise<void>;
  export(ids: readonly string[] | null, passphrase: Secret | null): Promise<ExportResult>;
  saveSession(id: string): Promise<{ readonly machine: Machine; readonly left: readonly string[] }>;
  wake(id: string): Promise<string>;
}

type RawDraft = Omit<MachineDraft, 'protocol'> & { readonly protocol: string };

/** Of one page, in characters of JSON; whoever asks goes on behind the last that came. */
const MAX_PAGE_LENGTH = 4 * 1024 * 1024;

/** Desktop apps that open a viewer when somebody asks for one. */
class Followers {
  readonly #tell = new Set<(target: RequestedViewer) => void>();

  add(tell: (target: RequestedViewer) => void): Unsubscribe {
    this.#tell.add(tell);
    return () => this.#tell.delete(tell);
  }

  /** Throws where nobody follows. */
  ask(target: RequestedViewer): { readonly apps: number } {
    // One window is wanted, whatever number of apps there are: the one that came last is in front of the person.
    const last = [...this.#tell].pop();
    if (last === undefined) throw noApp();
    last(target);
    return { apps: 1 };
  }
}

export function machinesHandlers(desk: MachinesDesk): Pick<ControlHandlers, keyof typeof MACHINES_REQUESTS> {
  const followers = new Followers();
  return {
    'machines/list': async ({ offset = 0, limit = MAX_MACHINES_PAGE, ...filter }, { member }) => {
      const found = await desk.list(filter);
      const shown = page(found, offset, limit);
      return {
        machines: member === null ? shown : shown.map(seenMachine),
        total: found.length,
        revision: desk.revision,
      };
    },
    'machines/subscribe': (_, context) => {
      context.once('machines', () =>
        desk.onChange((revision) => void context.notify('machines/changed', { revision })),
      );
      return { revision: desk.revision };
    },
    'machines/get': async ({ id }, { member }) => {
      const machine = await desk.get(id);
      return member === null ? machine : seenMachine(machine);
    },
    'machines/put': ({ id, machine }) => desk.put(id, machine),
    'machines/check': ({ machine }) => ({ problems: desk.check(machine) }),
    'machines/remove': async ({ ids }) => ({ removed: await desk.remove(ids) }),
    'machines/parameters': () => ({ parameters: desk.parameters() }),
    'machines/import/upload': async ({ data, ...piece }) => ({
      import: await desk.upload({ ...piece, data: Buffer.from(data, 'base64') }),
    }),
    'machines/import/preview': ({ import: id, passphrase }) =>
      desk.preview(id, passphrase === undefined ? null : new Secret(passphrase)),
    'machines/import/authentik': ({ token }, { signal }) => desk.previewAuthentik(new Secret(token), signal),
    'machines/import/apply': ({ import: id, leave }) => desk.apply(id, leave),
    'machines/import/forget': async ({ import: id }) => {
      await desk.forget(id);
      return {};
    },
    'machines/export': ({ ids, passphrase }) =>
      desk.export(ids ?? null, passphrase === undefined ? null : new Secret(passphrase)),
    'machines/save-session': ({ id }) => desk.saveSession(id),
    'machines/wake': async ({ id }) => ({ address: await desk.wake(id) }),
    'machines/connect': async ({ id }) => {
      const machine = await desk.get(id);
      return followers.ask({ kind: 'machine', id: machine.id });
    },
    // Whether there is such a session is said in the window, as where it ends meanwhile.
    'viewer/watch': ({ id }) => followers.ask({ kind: 'session', id }),
    'viewer/follow': (_, context) => {
      context.once('viewer', () =>
        followers.add((target) => void context.notify('viewer/requested', target)),
      );
      return {};
    },
  };
}

/** As many as were asked for, or as fit into one answer. */
function page(machines: readonly Machine[], offset: number, limit: number): readonly Machine[] {
  const found: Machine[] = [];
  let length = 0;
  for (const machine of machines.slice(offset, offset + limit)) {
    length += JSON.stringify(machine).length;
    if (length > MAX_PAGE_LENGTH && found.length > 0) break;
    found.push(machine);
  }
  return found;
}

function noApp(): SallyportError {
  return new SallyportError('not-running', 'No desktop app of Sallyport’s is running that could show it.', {
    advice: 'Start the app on this desktop: it shows sessions in its own windows, which a terminal cannot.',
  });
}
