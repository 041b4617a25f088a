import type { Failure } from '../../../main/core/errors.ts';
import type { CallParams, RequestName } from '../../../preload/contract/console.ts';
import type { Model } from '../model/model.ts';
import type { Draft } from './draft.ts';

/**
 * Keeps what was filled in and starts the outpost. Resolves with the first refusal, or null. Trust goes first: with
 * the address alone the outpost would try a server that it does not believe yet.
 */
export async function keepAndStart({ client }: Model, draft: Draft): Promise<Failure | null> {
  const { host, token, tokenId, trust } = draft;
  const attempt = async <N extends RequestName>(name: N, params: CallParams<N>): Promise<Failure | null> => {
    const answer = await client.call(name, params);
    return answer.ok ? null : answer.failure;
  };
  const keepTrust = async () => {
    if (trust.kind === 'authority') return attempt('certificate/trust', { pem: trust.certificate.pem });
    if (trust.kind === 'pinned')
      return attempt('certificate/pin', { fingerprint: trust.certificate.fingerprint });
    return trust.kind === 'anyone'
      ? attempt('config/set', { key: 'authentik.insecure', value: 'true' })
      : null;
  };
  const keepToken = async () => {
    if (token !== '') return attempt('token/set', { token });
    return tokenId === null ? null : attempt('token/set', { tokenId });
  };
  return (
    (await keepTrust()) ??
    (host.trim() === '' ? null : await attempt('config/set', { key: 'authentik.host', value: host })) ??
    (await keepToken()) ??
    (await attempt('outpost/start', {}))
  );
}
