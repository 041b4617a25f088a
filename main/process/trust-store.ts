import { join } from 'node:path';
import type { TrustStore } from '../control/handlers.ts';
import { MAX_CHAIN } from '../control/trust-schema.ts';
import { probeCertificate, type ShownCertificate } from '../core/authentik/certificate-probe.ts';
import { fingerprintText } from '../core/authentik/certificates.ts';
import { readCaPem } from '../core/authentik/trust-files.ts';
import { writeFileAtomic } from '../core/base/atomic-file.ts';
import { SallyportError } from '../core/errors.ts';
import { proxyOption } from '../core/settings/kinds/url.ts';
import { trustOptions } from './core-options.ts';
import { currentSettings } from './settings-source.ts';
import { notes, type StoreOptions, writable } from './stores.ts';

/** Where an authority that was trusted by a click is kept, in the state directory. */
const CA_FILE = 'ca.pem';

/** Certificates, as the control socket shows them and takes them. */
export function trustStore({ source, onChange }: StoreOptions): TrustStore {
  return {
    certificate: async (host, signal) => {
      try {
        const { settings } = await currentSettings(source);
        const { chain, failure } = await probeCertificate({
          host,
          signal,
          trust: await trustOptions(settings),
          proxy: proxyOption(settings.get('proxy.url')),
          maxChain: MAX_CHAIN,
        });
        return { chain: chain.map(shown), trusted: failure === null, failure };
      } catch (error) {
        return { chain: [], trusted: false, failure: SallyportError.from(error).toFailure() };
      }
    },
    keepCa: async (pem) => {
      // Only what is a certificate: whatever else was pasted, such as a key, is not kept.
      const certificates = readCaPem(pem);
      const { settings, store, paths } = await writable(source);
      const path = join(paths.stateDir, CA_FILE);
      const before = settings.get('trust.caFile');
      await writeFileAtomic(path, certificates.join(''));
      await store.setText('trust.caFile', path);
      onChange?.('trust.caFile');
      const instead =
        before === null || before === path
          ? []
          : [`It takes the place of ${before}, which is left as it is.`];
      return [...instead, ...(await notes(source, 'trust.caFile'))];
    },
    pin: async (fingerprint) => {
      await (await writable(source)).store.setText('trust.fingerprint', fingerprint, 'The fingerprint');
      onChange?.('trust.fingerprint');
      return notes(source, 'trust.fingerprint');
    },
  };
}

function shown({
  subject,
  issuer,
  names,
  validFrom,
  validTo,
  sha256,
  selfSigned,
  isCa,
  pem,
}: ShownCertificate) {
  return {
    subject,
    issuer,
    names,
    validFrom: isoText(validFrom),
    validTo: isoText(validTo),
    fingerprint: fingerprintText(sha256),
    selfSigned,
    isCa,
    pem,
  };
}

function isoText(moment: number): string {
  return Number.isFinite(moment) ? new Date(moment).toISOString() : '';
}
