import type { SettingRow } from '../../../preload/contract/types.ts';
import { CHOICE_LABELS, SETTING_LABELS, type SettingLabelKey } from '../../shared/i18n/setting-labels.ts';
import { locale, t } from '../../shared/i18n/translate.ts';

/** What a setting is called; a setting that this window does not know is called by its key. */
export function settingLabel({ key }: Pick<SettingRow, 'key'>): string {
  return isKnown(key) ? SETTING_LABELS[key][locale()] : key;
}

/** What one of its choices is called. */
export function choiceLabel({ key }: Pick<SettingRow, 'key'>, value: string): string {
  const labels: Record<string, Record<string, { en: string; de: string }>> = CHOICE_LABELS;
  return labels[key]?.[value]?.[locale()] ?? value;
}

const UNITS = ['seconds', 'minutes', 'days'] as const;

/** The same over its field: a number that says nothing of its unit is a guess. Bytes say theirs themselves. */
export function fieldLabel(row: SettingRow): string {
  const unit = UNITS.find((known) => known === row.unit);
  const name = settingLabel(row);
  return unit === undefined ? name : t(`settings.in-${unit}`, { name });
}

/** Where the value comes from, as one word or two. */
export function originWords({ originKind }: SettingRow): string {
  return t(`settings.origin-${originKind}`);
}

/** Why it cannot be changed here; null where it can. */
export function lockedWords({ locked, originKind, environment, flag }: SettingRow): string | null {
  if (!locked) return null;
  const variable = environment[0] ?? '';
  if (originKind === 'environment') return t('settings.locked-environment', { variable });
  if (originKind === 'flag') return t('settings.locked-flag', { flag });
  return t('settings.locked-place', { variable, flag });
}

/** When a change takes effect. */
export function appliesWords({ applies }: SettingRow): string {
  return t(`settings.applies-${applies}`);
}

function isKnown(key: string): key is SettingLabelKey {
  return Object.hasOwn(SETTING_LABELS, key);
}
