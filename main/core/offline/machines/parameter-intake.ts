import { Secret } from '../../base/secret.ts';
import { placeOfSecret, type SecretPlace } from './credential-parameters.ts';
import type { CredentialFields } from './credentials.ts';
import { type CredentialsFound, shown } from './import-types.ts';
import { CREDENTIAL_USES, type CredentialUse } from './machine.ts';
import { belongsToOneSession, isSecretParameter, ofGuacdsHost } from './secret-parameters.ts';

/** What comes from elsewhere for one machine: sorted into what the book keeps, what the vault does, and what nobody does. */
export class ParameterIntake {
  /** For the address book. */
  readonly parameters: Record<string, string> = {};
  /** What was left out, each as a sentence. */
  readonly notes: string[] = [];
  readonly #isOwn: boolean;
  readonly #secrets = new Map<CredentialUse, Partial<Record<SecretPlace['field'], Secret>>>();

  /** `isOwn`: from an address book of ours, which knows what belongs to a machine. */
  constructor({ isOwn = false }: { readonly isOwn?: boolean } = {}) {
    this.#isOwn = isOwn;
  }

  /** Takes a parameter over, or notes why not. */
  take(name: string, value: string): void {
    const place = placeOfSecret(name);
    if (this.#isOwn ? ofGuacdsHost(name) : belongsToOneSession(name))
      this.notes.push(`“${shown(name, 40)}” belongs to one session and was left out.`);
    else if (place !== undefined) this.takeSecret(place.use, place.field, value);
    else if (isSecretParameter(name))
      this.notes.push(`“${shown(name, 40)}” is a secret that the vault has no place for; it was left out.`);
    else this.parameters[name] = this.#isOwn ? value : value.trim();
  }

  /** The first of its kind counts. */
  takeSecret(use: CredentialUse, field: SecretPlace['field'], value: string): void {
    if (value === '') return;
    this.#secrets.set(use, { [field]: new Secret(value), ...this.#secrets.get(use) });
  }

  /** For the vault. */
  get credentials(): CredentialsFound {
    return Object.fromEntries(
      CREDENTIAL_USES.flatMap((use) => {
        const fields: CredentialFields | undefined = this.#secrets.get(use);
        return fields === undefined ? [] : [[use, { name: null, fields }] as const];
      }),
    );
  }
}
