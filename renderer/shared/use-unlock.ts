import { useState } from 'preact/hooks';
import type { Failure } from '../../main/core/errors.ts';
import type { ProtectionKind } from '../../main/core/offline/vault/shapes.ts';

/** A form that unlocks the vault; what is typed lives as long as the form. */
export interface Unlock {
  /** Whether a passphrase is typed: else it is opened by what is there. */
  readonly typed: boolean;
  readonly passphrase: string;
  readonly setPassphrase: (passphrase: string) => void;
  /** Why the last try was refused. */
  readonly failure: Failure | null;
  readonly busy: boolean;
  readonly ready: boolean;
  readonly submit: () => void;
}

/** `unlock` gets the passphrase, null where none is typed, and resolves with why it was refused. */
export function useUnlock(
  protection: ProtectionKind,
  unlock: (passphrase: string | null) => Promise<Failure | null>,
): Unlock {
  const [passphrase, setPassphrase] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const typed = protection === 'passphrase';
  const ready = !busy && (!typed || passphrase !== '');
  const run = async () => {
    if (!ready) return;
    setBusy(true);
    setFailure(await unlock(typed ? passphrase : null));
    setBusy(false);
  };
  return { typed, passphrase, setPassphrase, failure, busy, ready, submit: () => void run() };
}
