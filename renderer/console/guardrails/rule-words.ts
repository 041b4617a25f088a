import { bytes, decimal, duration } from '../../shared/format.ts';
import { locale, t } from '../../shared/i18n/translate.ts';
import type { RawRule } from './document.ts';
import { draftOf, type RuleDraft, type TimesDraft } from './rule-draft.ts';

/** What a rule asks for, and what it lays down, in a few words each. */
export interface RuleWords {
  readonly conditions: readonly string[];
  readonly terms: readonly string[];
}

const MINUTE = 60_000;

export function sayRule(rule: RawRule): RuleWords {
  const draft = draftOf(rule);
  return { conditions: conditions(draft), terms: terms(draft) };
}

function conditions({ sources, users, protocols, targets, times }: RuleDraft): readonly string[] {
  const said = [];
  if (sources === 'authentik' || sources === 'local') said.push(t(`guardrails.say-source-${sources}`));
  if (users !== '') said.push(t('guardrails.say-users', { list: list(users) }));
  if (protocols !== '') said.push(t('guardrails.say-protocols', { list: list(protocols).toUpperCase() }));
  if (targets !== '') said.push(t('guardrails.say-targets', { list: list(targets) }));
  if (times.length > 0) said.push(t('guardrails.say-times', { list: times.map(sayTimes).join(', ') }));
  return said;
}

function terms(draft: RuleDraft): readonly string[] {
  const { record, endWithoutRecording, longestMinutes, idleMinutes, holdSeconds, force, forbid } = draft;
  const said = [];
  if (record === 'always' || record === 'never') said.push(t(`guardrails.say-record-${record}`));
  if (endWithoutRecording) said.push(t('guardrails.say-record-or-end'));
  if (longestMinutes !== '')
    said.push(t('guardrails.say-longest', { time: duration(Number(longestMinutes) * MINUTE) }));
  if (idleMinutes !== '')
    said.push(t('guardrails.say-idle', { time: duration(Number(idleMinutes) * MINUTE) }));
  if (holdSeconds !== '')
    said.push(
      holdSeconds === '0'
        ? t('guardrails.say-no-hold')
        : t('guardrails.say-hold', { time: duration(Number(holdSeconds) * 1000) }),
    );
  for (const { name, value } of force) said.push(`${name} = ${value}`);
  if (forbid !== '') said.push(t('guardrails.say-forbid', { list: list(forbid) }));
  return [...said, ...fileTerms(draft), ...bounds(draft)];
}

function fileTerms({ upload, download, maxBytes, names }: RuleDraft): readonly string[] {
  const said = [];
  if (upload === 'no') said.push(t('guardrails.say-no-upload'));
  if (download === 'no') said.push(t('guardrails.say-no-download'));
  if (maxBytes !== '') said.push(t('guardrails.say-file-size', { size: bytes(Number(maxBytes)) }));
  if (names !== '') said.push(t('guardrails.say-file-names', { list: list(names) }));
  return said;
}

function bounds({ inAll, perMachine, perUser }: RuleDraft): readonly string[] {
  const said = [];
  if (inAll !== '') said.push(t('guardrails.say-in-all', { shown: decimal(Number(inAll)) }));
  if (perMachine !== '') said.push(t('guardrails.say-per-machine', { shown: decimal(Number(perMachine)) }));
  if (perUser !== '') said.push(t('guardrails.say-per-user', { shown: decimal(Number(perUser)) }));
  return said;
}

function sayTimes({ days, from, to }: TimesDraft): string {
  return [...(days.length > 0 ? [sayDays(days)] : []), `${from}–${to}`].join(' ');
}

/** `Mon–Fri, Sun`: days in a row by the first and the last. */
function sayDays(days: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const day of [...days].sort((one, other) => one - other)) {
    const last = runs[runs.length - 1];
    if (last !== undefined && day <= last[1] + 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs
    .map(([first, last]) => (first === last ? dayName(first) : `${dayName(first)}–${dayName(last)}`))
    .join(', ');
}

/** `Mon` of 1. */
export function dayName(day: number): string {
  // The 1st of January 2024 was a Monday.
  const date = Date.UTC(2024, 0, day);
  return new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(date);
}

/** Lines as people list them; no longer than a card can show. */
function list(lines: string): string {
  const all = lines.split('\n');
  const shown = all.slice(0, 6).join(', ');
  return all.length <= 6 ? shown : t('guardrails.say-more', { list: shown, count: all.length - 6 });
}
