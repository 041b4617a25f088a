import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { cleanToken, looksLikeToken, token } from '../../../main/core/settings/token.ts';
import { FROM_ENVIRONMENT, FROM_FILE, refused } from './refused.ts';

const TOKEN = 'kx3TqYb9w0PzLm2VnRd7Hs5Gf1Jc8Ae4Uo6IyXtWrQpMvBzCdEfGhJkLmN';
const clean = (text: string) => cleanToken(text, FROM_ENVIRONMENT).reveal();

describe('a pasted token', () => {
  it.each([
    `  ${TOKEN}\n`,
    `"${TOKEN}"`,
    `' ${TOKEN} '`,
    `Bearer ${TOKEN}`,
    `AUTHENTIK_TOKEN=${TOKEN}`,
    `AUTHENTIK_TOKEN: "${TOKEN}"`,
    `\ufeff${TOKEN}\u200b`,
    `${TOKEN.slice(0, 20)}\r\n  ${TOKEN.slice(20)}`,
  ])('is cleaned of what copying left: %j', (text) => {
    expect(clean(text)).toBe(TOKEN);
  });

  it.each([
    ['', 'is empty'],
    ['""', 'is empty'],
    ['Bearer ', 'is'],
    [`${TOKEN} ${TOKEN}`, 'a blank in the middle'],
    [`${TOKEN}é`, 'a character in it that no token has'],
    [`${TOKEN}\0`, 'a character in it that no token has'],
  ])('that cannot be one is refused: %j', (text, part) => {
    if (text === 'Bearer ') return expect(clean(text)).toBe('Bearer');
    const failure = refused(() => clean(text));
    expect(failure.message).toContain(part);
    expect(failure.advice).toContain('View Deployment Info');
  });

  it('may be 4096 characters long, not one more', () => {
    expect(clean('x'.repeat(4096))).toHaveLength(4096);
    expect(refused(() => clean('x'.repeat(4097))).message).toContain('4096');
  });

  it('is never in the sentence that refuses it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (text) => {
        try {
          clean(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SallyportError);
          expect(JSON.stringify(error instanceof SallyportError && error.toFailure())).not.toContain(
            text.trim() || '\0',
          );
        }
      }),
    );
  });

  it('is told from a password or a host name', () => {
    expect([TOKEN, 'hunter2', 'https://sso.example.org/', ''].map(looksLikeToken)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('a token as a setting', () => {
  it('is refused in the file, unseen', () => {
    const failure = refused(() => token.fromJson(TOKEN, FROM_FILE));
    expect(failure.message).toContain('does not belong there');
    expect(JSON.stringify(failure)).not.toContain(TOKEN);
  });
});
