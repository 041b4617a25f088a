import type { Proposal } from '../control/trust-schema.ts';
import type { TrustOptions } from '../core/authentik/trust.ts';
import { readCaPem } from '../core/authentik/trust-files.ts';
import type { Secret } from '../core/base/secret.ts';
import type { DoctorGuacd, DoctorSettings, DoctorSource } from '../core/doctor/findings.ts';
import { SallyportError } from '../core/errors.ts';
import type { EffectiveSettings } from '../core/settings/effective.ts';
import { cleanText, type Field, refusal } from '../core/settings/kind.ts';
import { proxyOption } from '../core/settings/kinds/url.ts';
import type { LoadedSettings } from '../core/settings/load.ts';
import { SETTING } from '../core/settings/table.ts';
import { cleanToken } from '../core/settings/token.ts';
import { containerSettings, externalAddresses, trustOptions } from './core-options.ts';
import { currentSettings, type SettingsSource } from './settings-source.ts';

export interface DoctorSourceOptions {
  readonly source: SettingsSource;
  readonly stateDir: string;
  readonly resourcesDir: string | null;
  /** Whether the outpost of this very process holds the metrics port. */
  readonly metricsAreOurs: () => boolean;
  /** Stands in place of what is kept; nothing of it is kept. */
  readonly proposed?: Proposal;
  /** Told the proposed token before it is used, so that no log shows it. */
  readonly conceal?: (token: Secret) => void;
}

/** What the doctor asks, answered from the settings as they are when it asks. */
export function doctorSource({
  source,
  stateDir,
  resourcesDir,
  metricsAreOurs,
  proposed = {},
  conceal = () => {},
}: DoctorSourceOptions): DoctorSource {
  return {
    stateDir,
    environment: { ...source.environment },
    metricsAreOurs,
    settings: async () => {
      const loaded = await currentSettings(source);
      const [problem] = loaded.problems.filter(({ code }) => code !== 'token-unreadable');
      if (problem) throw new SallyportError(problem.code, problem.message, { advice: problem.advice });
      return withProposal(await doctorSettings(loaded, resourcesDir), proposed);
    },
    token: async () => {
      if (proposed.token !== undefined) {
        const token = cleanToken(proposed.token, typed('The token'));
        conceal(token);
        return token;
      }
      const { settings, problems } = await currentSettings(source);
      const unreadable = problems.find(({ code }) => code === 'token-unreadable');
      if (unreadable)
        throw new SallyportError(unreadable.code, unreadable.message, { advice: unreadable.advice });
      return settings.get('authentik.token');
    },
  };
}

async function doctorSettings(
  { settings, warnings }: LoadedSettings,
  resourcesDir: string | null,
): Promise<DoctorSettings> {
  const metrics = settings.get('metrics.listen');
  return {
    host: settings.get('authentik.host'),
    trust: await trustOptions(settings),
    proxy: proxyOption(settings.get('proxy.url')),
    guacd: await doctorGuacd(settings, resourcesDir),
    metrics: metrics.kind === 'off' ? null : { host: metrics.host, port: metrics.port },
    warnings,
  };
}

async function doctorGuacd(settings: EffectiveSettings, resourcesDir: string | null): Promise<DoctorGuacd> {
  const target = settings.get('guacd.target');
  switch (target.kind) {
    case 'managed':
      return { kind: 'managed', executable: settings.get('guacd.path'), resourcesDir };
    case 'container':
      return { kind: 'container', ...containerSettings(settings) };
    case 'external':
      return { kind: 'external', addresses: await externalAddresses(settings, target.addresses) };
    default:
      return target satisfies never;
  }
}

/** Rejects with `settings-invalid`, in the words that keeping it would be refused with. */
function withProposal(settings: DoctorSettings, proposed: Proposal): DoctorSettings {
  const { host, insecure, fingerprint, caPem } = proposed;
  if (caPem !== undefined) readCaPem(caPem);
  const trust: TrustOptions = {
    ...settings.trust,
    ...(insecure !== undefined && { insecure }),
    ...(fingerprint !== undefined && {
      fingerprint: decoded('trust.fingerprint', fingerprint, 'The fingerprint'),
    }),
    ...(caPem !== undefined && { caPem }),
  };
  return host === undefined
    ? { ...settings, trust }
    : { ...settings, trust, host: decoded('authentik.host', host, 'The address') };
}

function decoded(key: 'authentik.host' | 'trust.fingerprint', text: string, name: string): string | null {
  const clean = cleanText(text);
  if (clean === '') throw refusal(typed(name), 'is empty', `Give ${SETTING[key].expects}.`);
  return SETTING[key].fromText(clean, typed(name));
}

function typed(name: string): Field {
  return { name, source: 'flag' };
}
