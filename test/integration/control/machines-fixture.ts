import { join } from 'node:path';
import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { SYSTEM_TRUST } from '../../../main/core/authentik/trust.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import type {
  CredentialFields,
  CredentialVault,
  KeptCredential,
  NamedCredential,
} from '../../../main/core/offline/machines/credentials.ts';
import type { SessionFacts } from '../../../main/core/offline/machines/from-session.ts';
import type { OutpostStatus } from '../../../main/core/status.ts';
import { Machines } from '../../../main/process/machines.ts';

/** A vault in memory that can be locked. */
export class FakeVault implements CredentialVault {
  isUnlocked = true;
  readonly kept = new Map<string, { readonly name: string; readonly fields: CredentialFields }>();

  async keepCredentials(many: readonly NamedCredential[]): Promise<readonly KeptCredential[]> {
    if (!this.isUnlocked) throw new SallyportError('request-invalid', 'The vault is locked.');
    return many.map((credential) => {
      const id = `credential-${this.kept.size + 1}`;
      this.kept.set(id, credential);
      return { id, isNew: true };
    });
  }

  async forgetCredentials(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.kept.delete(id);
  }

  async namedCredential(id: string): Promise<NamedCredential | null> {
    return this.kept.get(id) ?? null;
  }

  /** What was kept, revealed, for comparing. */
  get plain(): Record<string, unknown>[] {
    return [...this.kept.values()].map(({ name, fields }) => ({
      name,
      ...Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]),
      ),
    }));
  }
}

export interface MachinesBench {
  readonly machines: Machines;
  readonly vault: FakeVault;
  /** What the journal was told. */
  readonly recorded: AuditEvent[];
}

/** An address book below `folder`; its begin is under way. */
export function machinesIn(
  folder: string,
  status: () => OutpostStatus,
  {
    host = 'http://127.0.0.1:9',
    facts = () => null,
  }: { readonly host?: string; readonly facts?: (id: string) => SessionFacts | null } = {},
): MachinesBench {
  const vault = new FakeVault();
  const recorded: AuditEvent[] = [];
  const machines = new Machines({
    folder: join(folder, 'machines'),
    vault,
    endpoint: async () => ({ host, trust: SYSTEM_TRUST, proxy: null }),
    conceal: () => () => {},
    sessionFacts: facts,
    status,
    record: (event) => void recorded.push(event),
  });
  void machines.begin();
  return { machines, vault, recorded };
}
