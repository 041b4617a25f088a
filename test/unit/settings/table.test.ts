import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { flagDefinitions } from '../../../main/core/settings/flags.ts';
import { SETTING, SETTING_KEYS, type SettingKey } from '../../../main/core/settings/table.ts';
import { FROM_ENVIRONMENT, FROM_FILE } from './refused.ts';

describe('the table of settings', () => {
  it('has each environment name, flag and attribute once', () => {
    const names = SETTING_KEYS.flatMap((key) => SETTING[key].environment);
    const flags = flagDefinitions();
    for (const list of [names, flags.map(({ flags }) => flags), flags.map(({ attribute }) => attribute)])
      expect(new Set(list).size).toBe(list.length);
  });

  it('knows authentik’s names', () => {
    const names = SETTING_KEYS.flatMap((key) => SETTING[key].environment);
    expect(names).toEqual(
      expect.arrayContaining([
        'AUTHENTIK_HOST',
        'AUTHENTIK_TOKEN',
        'AUTHENTIK_INSECURE',
        'AUTHENTIK_HOST_BROWSER',
        'AUTHENTIK_LISTEN__METRICS',
        'AUTHENTIK_LOG_LEVEL',
      ]),
    );
    for (const name of names) expect(name).toMatch(/^(AUTHENTIK|SALLYPORT)_[A-Z_]+$/);
  });

  it('takes the token from a file only, where everyone could read the flags', () => {
    expect(SETTING['authentik.token'].flag).toEqual({
      long: '--token-file',
      value: '<path>',
      fromFile: true,
    });
  });

  it('has a line of description without full stop for each', () => {
    for (const key of SETTING_KEYS) expect(SETTING[key].description).toMatch(/^.{10,110}[^.\n]$/);
  });

  it('has defaults that its own decoders take', () => {
    for (const key of SETTING_KEYS) expectRoundTrip(key, SETTING[key].default);
  });

  it('refuses any text and any JSON with our own error that names the field, or takes it for good', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.ipV6(),
      fc.nat().map(String),
    );
    fc.assert(
      fc.property(fc.constantFrom(...SETTING_KEYS), anyText, fc.jsonValue(), (key, text, json) => {
        attempt(key, FROM_ENVIRONMENT.name, () => SETTING[key].fromText(text, FROM_ENVIRONMENT));
        attempt(key, FROM_FILE.name, () => SETTING[key].fromJson(json, FROM_FILE));
      }),
      { numRuns: 3000 },
    );
  });
});

function attempt(key: SettingKey, name: string, decode: () => unknown): void {
  let value: unknown;
  try {
    value = decode();
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    expect(error.code).toBe('settings-invalid');
    expect(error.message.startsWith(`${name} `)).toBe(true);
    expect(error.message.length).toBeLessThan(600);
    expect(error.advice).toBeTruthy();
    return;
  }
  expectRoundTrip(key, value);
}

/** Out to JSON and back gives the same; what is shown is no secret. */
function expectRoundTrip(key: SettingKey, value: unknown): void {
  const setting: {
    toJson(value: unknown): unknown;
    fromJson(value: unknown, field: typeof FROM_FILE): unknown;
  } = SETTING[key];
  if (value instanceof Secret) return;
  // A proxy's credentials stay out of the file on purpose.
  if (key === 'proxy.url') return;
  expect(setting.fromJson(JSON.parse(JSON.stringify(setting.toJson(value))), FROM_FILE)).toEqual(value);
}
