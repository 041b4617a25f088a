import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { OUTPOST_OPTIONS } from '../../../main/core/authentik/outpost-config-options.ts';
import { describeEndReason } from '../../../main/core/describe-session.ts';
import { ERROR_CODES } from '../../../main/core/errors.ts';
import { PARAMETERS } from '../../../main/core/offline/machines/parameter-table.ts';
import { SETTING, SETTING_KEYS } from '../../../main/core/settings/table.ts';
import { CORE_DE } from '../../../main/german/de-core.ts';
import { PARAMETERS_DE } from '../../../main/german/de-parameters.ts';
import { EXPECTED_STEPS } from '../../../renderer/console/model/doctor.ts';
import { SECTIONS, TOKEN_KEY } from '../../../renderer/console/settings/sections.ts';
import { de } from '../../../renderer/shared/i18n/de.ts';
import { FAILURES_DE } from '../../../renderer/shared/i18n/de-failures.ts';
import { en } from '../../../renderer/shared/i18n/en.ts';
import { CHOICE_LABELS, SETTING_LABELS } from '../../../renderer/shared/i18n/setting-labels.ts';
import { setLocale, systemLocale, t } from '../../../renderer/shared/i18n/translate.ts';
import { ROOT } from '../../architecture/source.ts';

const KEYS = Object.keys(en);
const english: Readonly<Record<string, string>> = en;
const german: Readonly<Record<string, string>> = de;
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
const base = (key: string) => key.replace(/_(?:zero|one|other)$/, '');

/** The sources that show texts, without the catalogues. */
function sources(folder: string): string {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .map((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'i18n' || entry.name === 'dev' ? '' : sources(path);
      return /\.tsx?$/.test(entry.name) ? readFileSync(join(ROOT, path), 'utf8') : '';
    })
    .join('\n');
}

afterEach(() => setLocale('en'));

describe('the texts of the console', () => {
  it('are there in both languages, and nowhere empty', () => {
    expect(Object.keys(de).sort()).toEqual([...KEYS].sort());
    for (const key of KEYS) {
      expect(english[key]?.trim(), key).toBeTruthy();
      expect(german[key]?.trim(), key).toBeTruthy();
    }
  });

  it('have the same placeholders in both languages', () => {
    for (const key of KEYS)
      expect(placeholders(german[key] ?? ''), key).toEqual(placeholders(english[key] ?? ''));
  });

  it('have both forms wherever they count', () => {
    const counting = new Set(KEYS.filter((key) => key !== base(key)).map(base));
    for (const key of counting) {
      expect(KEYS, key).toContain(`${key}_one`);
      expect(KEYS, key).toContain(`${key}_other`);
    }
  });

  it('are all shown somewhere', () => {
    const code = sources('renderer');
    const families = [...code.matchAll(/`([a-z]+\.[^`]*\$\{[^`]*)`/g)].map(
      ([, text = '']) =>
        new RegExp(
          `^${text
            .replace(/\$\{[^}]*\}/g, '§')
            .replace(/[.*+?^()|[\]\\]/g, '\\$&')
            .replace(/§/g, '[\\w-]+')}$`,
        ),
    );
    const unused = [...new Set(KEYS.map(base))].filter(
      (key) => !code.includes(`'${key}'`) && !families.some((family) => family.test(key)),
    );
    expect(unused).toEqual([]);
  });

  it('use the quotation marks and dashes of their language', () => {
    for (const key of KEYS) {
      expect(english[key], key).not.toMatch(/["„]|'/);
      expect(german[key], key).not.toMatch(/["”]|'|\w\.\.\./);
    }
    for (const text of [...Object.values(CORE_DE), ...Object.values(FAILURES_DE)])
      expect(text).not.toMatch(/["”]|'/);
  });

  it('count in words', () => {
    expect(t('sessions.count', { count: 1 })).toBe('1 session');
    expect(t('sessions.count', { count: 3 })).toBe('3 sessions');
    expect(t('log.resume', { count: 0 })).toBe('Resume');
    setLocale('de');
    expect(t('sessions.count', { count: 1 })).toBe('1 Sitzung');
    expect(t('health.providers', { count: 0 })).toBe('Kein Provider zugewiesen');
  });

  it('keep their order around names that are written from right to left, or pretend to be', () => {
    expect(t('machines.removed', { name: 'web1' })).toBe('web1 is removed.');
    expect(t('machines.removed', { name: 'מארח' })).toBe('\u2068מארח\u2069 is removed.');
    expect(t('machines.removed', { name: 'web\u202E1bew\u2066' })).toBe('web1bew is removed.');
  });

  it('follow the system where it speaks one of them', () => {
    expect(systemLocale(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(systemLocale(['en-GB'])).toBe('en');
    expect(systemLocale(['ja'])).toBe('en');
  });
});

describe('what the core says word for word', () => {
  it('have a German meaning for every parameter of Guacamole', () => {
    for (const { name, meaning } of PARAMETERS.values()) expect(CORE_DE[meaning], name).toBeTruthy();
    const meanings = new Set([...PARAMETERS.values()].map(({ meaning }) => meaning));
    expect(Object.keys(PARAMETERS_DE).filter((sentence) => !meanings.has(sentence))).toEqual([]);
  });

  it('has its German for every setting, and a name in both languages', () => {
    for (const key of SETTING_KEYS) {
      expect(CORE_DE[SETTING[key].description], SETTING[key].description).toBeTruthy();
      expect(SETTING_LABELS[key], key).toBeTruthy();
    }
  });

  it('calls by name only choices that there are, and each of their setting', () => {
    for (const key of ['offline.mode', 'recording.mode'] as const)
      expect(Object.keys(CHOICE_LABELS[key])).toEqual(SETTING[key].input.choices);
    expect(Object.keys(CHOICE_LABELS)).toEqual(['offline.mode', 'recording.mode']);
  });

  it('shows every setting somewhere', () => {
    const placed = Object.values(SECTIONS).flatMap((cards) => Object.values(cards).flat());
    expect([...placed, TOKEN_KEY].sort()).toEqual([...SETTING_KEYS].sort());
  });

  it('has its German for every option of authentik', () => {
    for (const { meaning, here } of Object.values(OUTPOST_OPTIONS))
      for (const sentence of [meaning, here]) expect(CORE_DE[sentence], sentence).toBeTruthy();
  });

  it('has its German for every way a session ends', () => {
    const reasons = ['user-left', 'machine-ended', 'ended-by-admin', 'ended-by-authentik'] as const;
    const others = ['failed', 'refused', 'peer-lost', 'guacd-lost', 'shutdown'] as const;
    for (const reason of [...reasons, ...others])
      expect(CORE_DE[describeEndReason(reason)], reason).toBeTruthy();
  });

  it('has a title for every code of a failure', () => {
    for (const code of ERROR_CODES) expect(FAILURES_DE[code], code).toBeTruthy();
  });

  it('knows every check of the doctor, in its order and by its title', () => {
    const code = ['local', 'authentik', 'guacd']
      .map((name) =>
        readFileSync(
          join(ROOT, 'main/core/doctor', `${name}-check${name === 'guacd' ? '' : 's'}.ts`),
          'utf8',
        ),
      )
      .join('\n');
    const checks = [...code.matchAll(/id: '([^']+)',\s*title: '([^']+)'/g)];
    expect(checks.map(([, id]) => id).sort()).toEqual([...EXPECTED_STEPS].sort());
    for (const [, id, title] of checks) expect(english[`doctor.step-${id}`]).toBe(title);
    for (const [, because = ''] of code.matchAll(/otherwise: '([^']+)'/g))
      expect(CORE_DE[because], because).toBeTruthy();
  });
});
