import type { Versions } from '../control/contract.ts';
import { describeContainer } from '../core/describe.ts';
import type { GuacdInstance, GuacdState } from '../core/status.ts';
import { VERSION } from '../core/version.ts';

/** What a report of trouble has to say of this process and of guacd. */
export function versionsOf(guacd: GuacdState): Versions {
  const known = guacd.kind === 'up' ? guacd.instances.find(({ version }) => version !== null) : undefined;
  return {
    sallyport: VERSION,
    node: process.versions.node,
    openssl: process.versions.openssl ?? '',
    platform: process.platform,
    arch: process.arch,
    guacd: known === undefined ? null : guacdVersion(known),
  };
}

/** Such as `1.6.0 in a container (podman, guacamole/guacd:1.6.0)`. */
function guacdVersion({ version, container }: GuacdInstance): string | null {
  return version !== null && container ? `${version} ${describeContainer(container)}` : version;
}
