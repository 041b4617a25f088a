import type { RecordEvent } from '../core/audit-event.ts';
import type { EndpointOptions } from '../core/authentik/endpoint.ts';
import { SallyportError } from '../core/errors.ts';
import type { CredentialVault } from '../core/offline/machines/credentials.ts';
import type { Outpost } from '../core/outpost.ts';
import { proxyOption } from '../core/settings/kinds/url.ts';
import type { LoadedSettings } from '../core/settings/load.ts';
import type { Log } from '../core/telemetry/log.ts';
import { trustOptions } from './core-options.ts';
import { Machines } from './machines.ts';
import { SessionFactsKeeper } from './session-facts.ts';
import { currentSettings, type SettingsSource } from './settings-source.ts';

export interface ComposeMachinesOptions {
  readonly outpost: Pick<Outpost, 'status' | 'onStatus' | 'requestOf' | 'sessionIds'>;
  readonly source: SettingsSource;
  readonly folder: string;
  readonly log: Pick<Log, 'conceal'>;
  readonly vault: CredentialVault;
  readonly record: RecordEvent;
}

/** The address book of an outpost's process. */
export function composeMachines({
  outpost,
  source,
  folder,
  log,
  vault,
  record,
}: ComposeMachinesOptions): Machines {
  const facts = new SessionFactsKeeper((id) => outpost.requestOf(id));
  outpost.onStatus(() => facts.see(outpost.sessionIds));
  return new Machines({
    folder,
    vault,
    record,
    endpoint: async () => reachOptions(await currentSettings(source)),
    conceal: (token) => log.conceal(token),
    sessionFacts: (id) => facts.of(id),
    status: () => outpost.status(),
  });
}

/** The way to authentik as the outpost goes it, for a token that is not the outpost's. */
async function reachOptions({ settings }: LoadedSettings): Promise<Omit<EndpointOptions, 'token'>> {
  const host = settings.get('authentik.host');
  if (host === null)
    throw new SallyportError('settings-invalid', 'No address of authentik is configured.', {
      advice: 'Set AUTHENTIK_HOST, or keep it with `sallyport config set authentik.host https://…`.',
    });
  return { host, trust: await trustOptions(settings), proxy: proxyOption(settings.get('proxy.url')) };
}
