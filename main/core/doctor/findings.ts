import type { OwnOutpost } from '../authentik/api-decode.ts';
import type { CertificateDescription } from '../authentik/certificates.ts';
import type { Endpoint } from '../authentik/endpoint.ts';
import type { TrustOptions } from '../authentik/trust.ts';
import type { Secret } from '../base/secret.ts';
import type { Failure } from '../errors.ts';
import { SallyportError } from '../errors.ts';
import type { GuacdAddress } from '../guacd/address.ts';

/** The settings that the doctor looks at, as they count now. */
export interface DoctorSettings {
  /** AUTHENTIK_HOST; null where it is not set. */
  readonly host: string | null;
  readonly trust: TrustOptions;
  /** A proxy's URL, `none`, or null: what the environment says. */
  readonly proxy: string | null;
  readonly guacd: DoctorGuacd;
  /** Where metrics are served; null where they are off. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
  /** What an admin should know of the settings though they could be read. */
  readonly warnings: readonly Failure[];
}

export type DoctorGuacd =
  | { readonly kind: 'managed'; readonly executable: string | null; readonly resourcesDir: string | null }
  | {
      readonly kind: 'container';
      readonly engine: string;
      readonly image: string;
      readonly imageFile: string | null;
    }
  | { readonly kind: 'external'; readonly addresses: readonly GuacdAddress[] };

/** What the doctor asks whoever called it. */
export interface DoctorSource {
  readonly stateDir: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Rejects with `settings-…`. */
  settings(): Promise<DoctorSettings>;
  /** Null where none is set; rejects with `token-unreadable`. */
  token(): Promise<Secret | null>;
  /** Whether the outpost of this very process holds the metrics port. */
  metricsAreOurs(): boolean;
}

/** The first answer of authentik, as far as it came. */
export interface FirstAnswer {
  /** Null without TLS. */
  readonly certificate: CertificateDescription | null;
  /** Milliseconds that authentik's clock is ahead of ours; null where it told no time. */
  readonly clockAheadMs: number | null;
}

/** What earlier checks found, for later ones. */
export interface Findings {
  settings?: DoctorSettings;
  token?: Secret;
  endpoint?: Endpoint;
  answer?: FirstAnswer;
  outpost?: OwnOutpost;
}

/** What an earlier check must have found; `needs` of the check makes sure that it did. */
export function found<T>(finding: T | undefined, name: string): T {
  if (finding === undefined) throw new SallyportError('internal', `The doctor has no ${name} to go on.`);
  return finding;
}
