import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { GuardrailsAnswer } from '../../../preload/contract/guardrails.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { placeOf } from './place.ts';

const PROTOCOLS = ['ssh', 'rdp', 'vnc', 'telnet', 'kubernetes'] as const;
const SOURCES = ['authentik', 'local'] as const;
const TIMES = ['now', 'other'] as const;

/** Asks the outpost what it would do, by the rules as they stand on this page. */
export function Tester({ text, isChanged }: { readonly text: string; readonly isChanged: boolean }) {
  const { client } = useModel();
  const [user, setUser] = useState('');
  const [target, setTarget] = useState('');
  const [protocol, setProtocol] = useState<(typeof PROTOCOLS)[number]>('ssh');
  const [source, setSource] = useState<(typeof SOURCES)[number]>('authentik');
  const [when, setWhen] = useState<(typeof TIMES)[number]>('now');
  const [time, setTime] = useState('');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<GuardrailsAnswer | Failure | null>(null);
  const place = placeOf(target);
  const isComplete = place !== null && (when === 'now' || time !== '');
  const ask = async () => {
    if (place === null || !isComplete || busy) return;
    setBusy(true);
    const at = when === 'now' ? {} : { at: time };
    const question = { source, user: user.trim() === '' ? null : user.trim(), protocol, ...place, ...at };
    const given = await client.call('guardrails/test', { question, ...(isChanged && { text }) });
    setBusy(false);
    setAnswer(given.ok ? given.value : given.failure);
  };
  return (
    <Card
      title={t('guardrails.test')}
      lead={t(isChanged ? 'guardrails.test-unsaved' : 'guardrails.test-lead')}
    >
      <form
        class="tester"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <Named label={t('guardrails.test-user')}>
          <input
            class="input"
            aria-label={t('guardrails.test-user')}
            placeholder="alice"
            maxLength={256}
            value={user}
            spellcheck={false}
            onInput={(event) => setUser(event.currentTarget.value)}
          />
        </Named>
        <Named label={t('guardrails.test-target')}>
          <input
            class="input mono"
            aria-label={t('guardrails.test-target')}
            placeholder="10.0.0.7:22"
            maxLength={260}
            value={target}
            spellcheck={false}
            onInput={(event) => setTarget(event.currentTarget.value)}
          />
        </Named>
        <Named label={t('guardrails.test-protocol')}>
          <Select
            label={t('guardrails.test-protocol')}
            value={protocol}
            choices={PROTOCOLS.map((value) => ({ value, text: value.toUpperCase() }))}
            onChange={setProtocol}
          />
        </Named>
        <Named label={t('guardrails.test-source')}>
          <Select
            label={t('guardrails.test-source')}
            value={source}
            choices={SOURCES.map((value) => ({ value, text: t(`guardrails.choice-${value}`) }))}
            onChange={setSource}
          />
        </Named>
        <Named label={t('guardrails.test-when')}>
          <Select
            label={t('guardrails.test-when')}
            value={when}
            choices={TIMES.map((value) => ({ value, text: t(`guardrails.when-${value}`) }))}
            onChange={(next) => {
              setWhen(next);
              if (next === 'other' && time === '') setTime(nowOnTheWall());
            }}
          />
        </Named>
        {when === 'other' && (
          <Named label={t('guardrails.test-time')}>
            <input
              class="input"
              type="datetime-local"
              aria-label={t('guardrails.test-time')}
              value={time}
              onInput={(event) => setTime(event.currentTarget.value)}
            />
          </Named>
        )}
        <Button type="submit" look="primary" disabled={!isComplete} busy={busy}>
          {t('guardrails.test-ask')}
        </Button>
      </form>
      <div role="status">
        {answer !== null &&
          ('code' in answer ? <FailureNote failure={answer} tone="bad" /> : <Answer answer={answer} />)}
      </div>
    </Card>
  );
}

/** To begin with; the rules mean the outpost's clock, which mostly hangs in the same time zone. */
function nowOnTheWall(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function Named({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="tester-field">
      <span class="small quiet" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  );
}

function Answer({
  answer: { allowed, sentence, rule, address, findings },
}: {
  readonly answer: GuardrailsAnswer;
}) {
  return (
    <div class={`answer ${allowed ? 'good' : 'bad'}`}>
      <p class="answer-head">
        <StateGlyph tone={allowed ? 'good' : 'bad'} size={22} />
        <strong>{t(allowed ? 'guardrails.test-yes' : 'guardrails.test-no')}</strong>
      </p>
      <p class="wrap-anywhere">
        <CoreWords text={sentence} />
      </p>
      <dl class="facts">
        <dt>{t('guardrails.test-rule')}</dt>
        <dd class="wrap-anywhere">{rule ?? t('guardrails.test-no-rule')}</dd>
        {address !== null && (
          <>
            <dt>{t('guardrails.test-address')}</dt>
            <dd class="mono">{address}</dd>
          </>
        )}
      </dl>
      {findings.length > 0 && (
        <ol class="findings" aria-label={t('guardrails.test-findings')}>
          {findings.map(({ rule: name, misses }, index) => (
            <li key={index}>
              <span class="numbers quiet">{index + 1}</span>
              <span class="wrap-anywhere">{name}</span>
              <span class={misses === null ? 'finding-decides' : 'quiet'}>
                {t(`guardrails.misses-${misses ?? 'none'}`)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
