import { staysHere } from '../base/host.ts';
import type { Failure } from '../errors.ts';
import type { EffectiveSettings } from './effective.ts';
import { hostPortText } from './kinds/address.ts';

/**
 * What an admin should know of settings that are right one by one: pairs that do not fit, and doors that are
 * open to the network. (What concerns trust in authentik, and the way to guacd, is said by those who go it.)
 */
export function crossChecks(settings: EffectiveSettings): readonly Failure[] {
  return [...clientCertificate(settings), ...guacd(settings), ...metrics(settings)];
}

function* clientCertificate(settings: EffectiveSettings): Iterable<Failure> {
  if (settings.get('trust.clientCertificate') !== null) return;
  if (settings.get('trust.clientKey') !== null || settings.get('trust.clientPassphraseFile') !== null)
    yield warning(
      'A key or passphrase of a client certificate is set, but no certificate.',
      'Set --client-certificate (SALLYPORT_CLIENT_CERTIFICATE) too.',
    );
}

function* guacd(settings: EffectiveSettings): Iterable<Failure> {
  const tls = settings.get('guacd.tls');
  if (settings.get('guacd.target').kind !== 'external') {
    if (tls)
      yield warning(
        'TLS with guacd is set, but a guacd that is started here is spoken to on loopback, without TLS.',
        'Remove SALLYPORT_GUACD_TLS, or name an external guacd with SALLYPORT_GUACD.',
      );
  } else if (!tls && settings.get('guacd.caFile') !== null)
    yield warning(
      'The authority of guacd’s certificate is set, but guacd is not spoken to in TLS.',
      'Set SALLYPORT_GUACD_TLS=true, or remove SALLYPORT_GUACD_CA_FILE.',
    );
}

function* metrics(settings: EffectiveSettings): Iterable<Failure> {
  const listen = settings.get('metrics.listen');
  if (listen.kind === 'on' && !staysHere(listen.host))
    yield {
      code: 'metrics-exposed',
      message: `Metrics are served on ${hostPortText(listen)}: everyone who can reach this host over the network can read them without a password.`,
      advice:
        'They tell how many sessions run, when, and which versions; set AUTHENTIK_LISTEN__METRICS=127.0.0.1:9300 unless a firewall guards the port.',
    };
}

function warning(message: string, advice: string): Failure {
  return { code: 'settings-invalid', message, advice };
}
