import { useEffect, useRef, useState } from 'preact/hooks';
import { describeEndReason } from '../../../main/core/describe-session.ts';
import { type Failure, failureText } from '../../../main/core/errors.ts';
import { Button } from '../../shared/button.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { bytes, duration } from '../../shared/format.ts';
import { failureTitle } from '../../shared/i18n/core-words.ts';
import { coreText, t } from '../../shared/i18n/translate.ts';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import type { Tone } from '../../shared/tone.ts';
import { type Summary, useViewer } from '../model/viewer.ts';

/** What lies over the screen whenever that shows nothing alive: what is going on, why, and what can be done. */
export function Overlay() {
  const viewer = useViewer();
  const { phase, about, drawn } = viewer;
  const { value } = phase;
  switch (value.kind) {
    case 'opening': {
      const machine = about.value?.machine ?? '';
      const title = machine === '' ? t('viewer.opening-unknown') : t('viewer.opening', { machine });
      return <Waiting title={title} words={t('viewer.opening-why')} />;
    }
    case 'live':
      return drawn.value ? null : (
        <Waiting
          title={t('viewer.opening', { machine: about.value?.machine ?? '' })}
          words={t('viewer.first-picture')}
        />
      );
    case 'failed':
      return (
        <Over
          tone={about.value?.asksReason ? 'warn' : 'bad'}
          title={about.value?.asksReason ? t('viewer.asks-reason') : t('viewer.failed')}
          summary={null}
        >
          {about.value?.asksReason ? null : <FailureWords failure={value.failure} />}
        </Over>
      );
    case 'over': {
      const { ending, summary } = value;
      if (ending.kind === 'lost')
        return (
          <Over tone="warn" title={t('viewer.lost')} summary={summary}>
            {ending.failure && <FailureWords failure={ending.failure} />}
            <p>{t('viewer.lost-why')}</p>
          </Over>
        );
      if (ending.kind === 'refused')
        return (
          <Over tone="bad" title={t('viewer.ended')} summary={summary}>
            <p lang="en">{ending.sentence}</p>
          </Over>
        );
      return (
        <Over tone="off" title={t('viewer.ended')} summary={summary}>
          <p>{sayEnd(about.value?.ended ?? null)}</p>
        </Over>
      );
    }
    default:
      return value satisfies never;
  }
}

function sayEnd(ended: { readonly reason: Parameters<typeof describeEndReason>[0] } | null): string {
  if (ended === null || ended.reason === 'machine-ended') return t('viewer.ended-why');
  const words = describeEndReason(ended.reason);
  const said = coreText(words) ?? words;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

function Waiting({ title, words }: { readonly title: string; readonly words: string }) {
  return (
    <div class="overlay">
      <div class="overlay-card waiting" role="status">
        <span class="spinner" aria-hidden="true" />
        <div>
          <h2>{title}</h2>
          <p class="quiet">{words}</p>
        </div>
      </div>
    </div>
  );
}

function Over({
  tone,
  title,
  summary,
  children,
}: {
  readonly tone: Tone;
  readonly title: string;
  readonly summary: Summary | null;
  readonly children: preact.ComponentChildren;
}) {
  const viewer = useViewer();
  const card = useRef<HTMLElement>(null);
  const left = viewer.comingBack.left.value;
  const asks = viewer.about.value?.asksReason === true;
  const [reason, setReason] = useState('');
  const open = () => {
    if (!asks) void viewer.open();
    else if (reason.trim() !== '') void viewer.open(reason.trim().slice(0, 1024));
  };
  useEffect(() => card.current?.querySelector<HTMLElement>('input, button')?.focus(), []);
  return (
    <div class="overlay">
      <section ref={card} class="overlay-card" aria-label={title}>
        <div class="overlay-head">
          <StateGlyph tone={tone} size={28} />
          <h2>{title}</h2>
        </div>
        <div class="overlay-words" role="status">
          {children}
        </div>
        {left !== null && <p class="quiet numbers">{t('viewer.back-in', { count: left })}</p>}
        {asks && (
          <Field label={t('machines.reason')} help={t('machines.reason-help')}>
            {(ids) => <TextInput ids={ids} value={reason} onInput={setReason} onEnter={open} />}
          </Field>
        )}
        {summary && <SummaryList summary={summary} />}
        <div class="row overlay-actions">
          <Button
            look="primary"
            icon={asks ? 'play' : 'retry'}
            disabled={asks && reason.trim() === ''}
            onClick={open}
          >
            {t(asks ? 'machines.connect' : left === null ? 'viewer.again' : 'viewer.now')}
          </Button>
          <Button onClick={() => viewer.close()}>{t('viewer.close')}</Button>
        </div>
      </section>
    </div>
  );
}

function SummaryList({ summary: { lasted, received, sent } }: { readonly summary: Summary }) {
  const facts = [
    [t('viewer.lasted'), duration(lasted)],
    [t('viewer.received'), bytes(received)],
    [t('viewer.sent'), bytes(sent)],
  ];
  return (
    <dl class="summary numbers">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The core's own sentence; in another language its title stands before it. */
function FailureWords({ failure }: { readonly failure: Failure }) {
  const title = failureTitle(failure.code);
  return (
    <>
      {title !== null && <p class="strong">{title}</p>}
      <p lang="en">{failureText(failure)}</p>
    </>
  );
}
