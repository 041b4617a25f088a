import { describe, expect, it } from 'vitest';
import {
  CERTIFICATES,
  HEALTHY_STEPS,
  UNTRUSTED_STEPS,
} from '../../../renderer/console/dev/sample-settings.ts';
import { hashOf, PAGES, pageOf } from '../../../renderer/console/model/route.ts';
import { rates, withSample } from '../../../renderer/console/model/traffic.ts';
import {
  authorityOf,
  EMPTY_DRAFT,
  proposedOf,
  wantsCertificate,
  withSnippet,
} from '../../../renderer/console/setup/draft.ts';

const [leaf, authority] = CERTIFICATES.chain;

describe('what was filled in on the first run', () => {
  it('takes address and token from a snippet, and never its wish to check nothing', () => {
    const draft = withSnippet(
      { ...EMPTY_DRAFT, token: 'typed' },
      { host: 'https://sso.example.org', insecure: true, hasToken: true, tokenId: 'token-1' },
    );
    expect(draft).toEqual({
      host: 'https://sso.example.org',
      token: '',
      tokenId: 'token-1',
      trust: { kind: 'system' },
    });
    expect(proposedOf(draft)).toEqual({ host: 'https://sso.example.org', tokenId: 'token-1' });
  });

  it('keeps what a snippet does not tell', () => {
    const typed = { ...EMPTY_DRAFT, host: 'https://typed.example.org', token: 'typed' };
    expect(withSnippet(typed, { host: null, insecure: null, hasToken: false, tokenId: null })).toEqual(typed);
  });

  it('proposes a typed token before one from a snippet, and nothing that is empty', () => {
    expect(proposedOf({ ...EMPTY_DRAFT, token: 'typed', tokenId: 'token-1' })).toEqual({ token: 'typed' });
    expect(proposedOf(EMPTY_DRAFT)).toEqual({});
  });

  it('proposes one way of trusting at a time', () => {
    if (!leaf || !authority) throw new Error('There is no chain.');
    const of = (trust: Parameters<typeof proposedOf>[0]['trust']) => proposedOf({ ...EMPTY_DRAFT, trust });
    expect(of({ kind: 'authority', certificate: authority })).toEqual({ caPem: 'authority' });
    expect(of({ kind: 'pinned', certificate: leaf })).toEqual({ fingerprint: leaf.fingerprint });
    expect(of({ kind: 'anyone' })).toEqual({ insecure: true });
  });

  it('shows the certificate where it is what stands in the way', () => {
    expect(wantsCertificate({ steps: UNTRUSTED_STEPS, healthy: false })).toBe(true);
    expect(wantsCertificate({ steps: HEALTHY_STEPS, healthy: true })).toBe(false);
    expect(authorityOf(CERTIFICATES.chain)).toBe(authority);
    expect(authorityOf(leaf ? [leaf] : [])).toBeNull();
  });
});

describe('the pages', () => {
  it('are found by their address, and the overview by any other', () => {
    for (const page of [...PAGES, 'setup'] as const) expect(pageOf(hashOf(page))).toBe(page);
    expect(pageOf('')).toBe('overview');
    expect(pageOf('#/elsewhere')).toBe('overview');
  });
});

describe('the traffic', () => {
  const sample = (at: number) => ({ at, sessions: 1, toPeer: 10_000, toGuacd: 500 });

  it('keeps an hour, and each sample once', () => {
    let traffic = { everyMs: 5000, samples: [sample(0)] };
    for (let at = 5000; at <= 4_000_000; at += 5000)
      traffic = { ...withSample(traffic, sample(at)), samples: [...withSample(traffic, sample(at)).samples] };
    expect(traffic.samples.length).toBeLessThanOrEqual(722);
    expect(withSample(traffic, sample(4_000_000)).samples).toHaveLength(traffic.samples.length);
  });

  it('is told as bytes a second', () => {
    expect(rates({ everyMs: 5000, samples: [sample(0)] })).toEqual({ toPeer: [2000], toGuacd: [100] });
  });
});
