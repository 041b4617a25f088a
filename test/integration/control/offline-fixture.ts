import { join } from 'node:path';
import type { OfflineDesk } from '../../../main/control/offline-handlers.ts';
import type { Tickets } from '../../../main/control/tickets.ts';
import type { VaultDesk } from '../../../main/control/vault-handlers.ts';
import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { LocalSessions, type MachineBook } from '../../../main/core/offline/open.ts';
import type { OfflinePolicy, Reach } from '../../../main/core/offline/policy.ts';
import { Vault } from '../../../main/core/offline/vault/vault.ts';
import type { OpenPeer } from '../../../main/core/sessions/peer.ts';
import type { SessionRequest } from '../../../main/core/sessions/request.ts';

export interface OpenedHere {
  readonly request: SessionRequest;
  readonly window: string;
}

/** A vault of its own and sessions that end in an echo: everything up to where guacd would be dialled. */
export class LocalFixture {
  readonly vault: Vault;
  readonly keyFile: string;
  readonly opened: OpenedHere[] = [];
  readonly events: AuditEvent[] = [];
  policy: OfflinePolicy = {
    mode: 'always',
    afterMs: 0,
    askReason: false,
    requirePassphrase: false,
    group: null,
  };
  reach: { reach: Reach } = { reach: { kind: 'reached' } };
  isMember = true;
  readonly #machines: MachineBook;

  constructor(folder: string, machines: MachineBook) {
    this.#machines = machines;
    this.vault = new Vault(join(folder, 'vault'), { minutes: () => 5 });
    this.keyFile = join(folder, 'vault', 'key');
    void this.vault.begin();
  }

  desks(tickets: Tickets): { readonly vault: VaultDesk; readonly offline: OfflineDesk } {
    const sessions = new LocalSessions({
      machines: this.#machines,
      vault: this.vault,
      policy: () => this.policy,
      reach: this.reach,
      record: (event) => this.events.push(event),
      ofWindow: () => [],
    });
    return {
      vault: {
        vault: this.vault,
        keyFile: this.keyFile,
        passphraseTyped: (connection) => sessions.passphraseTyped(connection),
      },
      offline: {
        sessions,
        tickets,
        openLocal: ({ request }, openPeer, window) => {
          this.opened.push({ request, window });
          void echo(openPeer);
        },
        watch: (id) => {
          throw new SallyportError('session-not-found', `There is no session ${id}.`);
        },
        asker: (context) => ({
          connection: context,
          user: context.member?.name ?? 'alice',
          member: context.member?.uid ?? null,
          isMember: context.member !== null || this.isMember,
        }),
      },
    };
  }
}

/** Sends back what comes, as a machine that shows what is typed. */
async function echo(openPeer: OpenPeer): Promise<void> {
  const peer = await openPeer(
    { onFrame: (frame) => peer.send(frame, () => {}), onClosed: () => {} },
    new AbortController().signal,
  );
}
