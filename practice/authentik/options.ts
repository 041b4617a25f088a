import type { Logger } from '../../main/core/base/logger.ts';
import type { PipeLimits } from './bounded-pipe.ts';
import type { Generation } from './generation.ts';
import type { PracticeTlsOptions } from './listener.ts';
import type { MissingMachine, PracticeMachine } from './machine.ts';
import type { OutpostType } from './outpost-record.ts';

export interface PracticeAuthentikOptions {
  /** A port of 127.0.0.1; 0, any free one, unless told. */
  readonly port?: number;
  /** Where authentik lives below the host; begins and ends with a slash. `/auth/` unless told. */
  readonly subPath?: string;
  readonly tls?: PracticeTlsOptions;
  /** `newest` unless told. */
  readonly generation?: Generation;
  readonly outpostType?: OutpostType;
  /** How many outposts the token's account sees: one unless told. */
  readonly outposts?: 0 | 1;
  /** How many providers are assigned to the outpost: one unless told. */
  readonly providers?: number;
  /** Options of the outpost's `config` beside authentik's defaults. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly refreshIntervalSeconds?: number;
  readonly machines?: readonly PracticeMachine[];
  /** Machines that are not there; the page says why. */
  readonly missing?: readonly MissingMachine[];
  /** The outpost's API token; a new one unless told. */
  readonly token?: string;
  /** An admin's API token, which may list endpoints; a new one unless told. */
  readonly adminToken?: string;
  /** Settings of the RAC provider, which its endpoints' own are laid over. */
  readonly providerSettings?: Readonly<Record<string, unknown>>;
  /** Ids of the provider's property mappings. */
  readonly propertyMappings?: readonly string[];
  readonly outpostPk?: string;
  /** After how many milliseconds without a hello an instance is forgotten: 15 s unless told. */
  readonly healthMs?: number;
  /** A clock in milliseconds. */
  readonly now?: () => number;
  readonly balancing?: 'health' | 'connected';
  readonly pipe?: PipeLimits;
  /** Where the built practice page lies; without it there is no page. */
  readonly pageDirectory?: string;
  readonly log?: Logger;
}
