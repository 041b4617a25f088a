import { bareUrl, type EndpointOptions } from '../core/authentik/endpoint.ts';
import type { TrustOptions } from '../core/authentik/trust.ts';
import { readCaFile } from '../core/authentik/trust-files.ts';
import { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';
import type { GuacdAddress } from '../core/guacd/address.ts';
import type { ContainerOptions } from '../core/guacd/container/runner.ts';
import type { GuacdOptions } from '../core/guacd/create.ts';
import { DEFAULT_LIMITS, type SessionLimits, sessionLimitFor } from '../core/sessions/limits.ts';
import type { EffectiveSettings } from '../core/settings/effective.ts';
import { readValueFile } from '../core/settings/environment.ts';
import { cleanText } from '../core/settings/kind.ts';
import { proxyOption } from '../core/settings/kinds/url.ts';
import type { LoadedSettings } from '../core/settings/load.ts';
import type { StatePaths } from '../core/settings/paths.ts';

/**
 * How authentik is reached. Rejects with `settings-invalid`, `token-missing`, `token-unreadable` or
 * `file-unreadable`.
 */
export async function endpointOptions({ settings, problems }: LoadedSettings): Promise<EndpointOptions> {
  const unreadable = problems.find(({ code }) => code === 'token-unreadable');
  if (unreadable)
    throw new SallyportError(unreadable.code, unreadable.message, { advice: unreadable.advice });
  const host = settings.get('authentik.host');
  const token = settings.get('authentik.token');
  if (host === null)
    throw new SallyportError('settings-invalid', 'No address of authentik is configured.', {
      advice: 'Set AUTHENTIK_HOST, or keep it with `sallyport config set authentik.host https://…`.',
    });
  if (token === null)
    throw new SallyportError('token-missing', 'No token of the outpost is configured.', {
      advice:
        'In authentik open Applications → Outposts, click “View Deployment Info” and give AUTHENTIK_TOKEN to `sallyport token set`.',
    });
  return { host, token, trust: await trustOptions(settings), proxy: proxyOption(settings.get('proxy.url')) };
}

/** authentik's address for people, as their browsers reach it: no query, no credentials; null where none is set. */
export function hostText(settings: EffectiveSettings): string | null {
  const host = settings.get('authentik.hostBrowser') ?? settings.get('authentik.host');
  return host === null ? null : bareUrl(host);
}

/** Whom to believe on the way to authentik. Rejects with `file-unreadable`. */
export async function trustOptions(settings: EffectiveSettings): Promise<TrustOptions> {
  const certificate = settings.get('trust.clientCertificate');
  const passphraseFile = settings.get('trust.clientPassphraseFile');
  return {
    caFile: settings.get('trust.caFile'),
    fingerprint: settings.get('trust.fingerprint'),
    insecure: settings.get('authentik.insecure'),
    clientCertificate:
      certificate === null
        ? null
        : {
            file: certificate,
            keyFile: settings.get('trust.clientKey'),
            passphrase: passphraseFile === null ? null : await readPassphrase(passphraseFile),
          },
  };
}

/** Rejects with `file-unreadable` where guacd's authority cannot be read. */
export async function guacdOptions(
  settings: EffectiveSettings,
  { stateDir, drives }: Pick<StatePaths, 'stateDir' | 'drives'>,
  resourcesDir: string | null,
): Promise<GuacdOptions> {
  const target = settings.get('guacd.target');
  switch (target.kind) {
    case 'managed':
      return { mode: 'managed', executable: settings.get('guacd.path'), resourcesDir, stateDir };
    case 'container':
      return {
        mode: 'container',
        ...containerSettings(settings),
        stateDir,
        drivesDir: drivesDir(settings, drives),
        sessions: sessionLimits(settings).sessions,
      };
    case 'external':
      return { mode: 'external', addresses: await externalAddresses(settings, target.addresses) };
    default:
      return target satisfies never;
  }
}

/** What guacd's container is made of, and by whom. */
export function containerSettings(
  settings: EffectiveSettings,
): Pick<ContainerOptions, 'engine' | 'image' | 'imageFile' | 'network'> {
  return {
    engine: settings.get('guacd.engine'),
    image: settings.get('guacd.image'),
    imageFile: settings.get('guacd.imageFile'),
    network: settings.get('guacd.network'),
  };
}

/** Where the drives of sessions lie. */
export function drivesDir(settings: EffectiveSettings, usual: string): string {
  return settings.get('drive.dir') ?? usual;
}

/** The addresses of guacds that others run, with how TLS is spoken there. Rejects with `file-unreadable`. */
export async function externalAddresses(
  settings: EffectiveSettings,
  addresses: readonly { readonly host: string; readonly port: number }[],
): Promise<GuacdAddress[]> {
  const caFile = settings.get('guacd.caFile');
  const ca = caFile === null ? null : (await readCaFile(caFile)).join('\n');
  const tls = settings.get('guacd.tls') ? { ca } : null;
  return addresses.map(({ host, port }) => ({ host, port, tls }));
}

export function sessionLimits(settings: EffectiveSettings): SessionLimits {
  return {
    ...DEFAULT_LIMITS,
    sessions: settings.get('limits.sessions') ?? sessionLimitFor(),
    setupMs: settings.get('limits.setupSeconds') * 1000,
    holdMs: settings.get('hold.seconds') * 1000,
    queueBytes: settings.get('limits.queueBytes'),
    instructionBytes: settings.get('limits.instructionBytes'),
    frameBytes: settings.get('limits.frameBytes'),
  };
}

/** The time zone that machines are told: the configured one, else this host's. */
export function timezoneOf(settings: EffectiveSettings): string {
  return settings.get('timezone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

async function readPassphrase(path: string): Promise<Secret> {
  return new Secret(cleanText(await readValueFile(path, path)));
}
