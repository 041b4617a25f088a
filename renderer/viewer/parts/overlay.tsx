import { useState } from 'preact/hooks';
import { describeEndReason } from '../../../main/core/describe-session.ts';
import { Button } from '../../shared/button.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { bytes, duration } from '../../shared/format.ts';
import { coreText, t } from '../../shared/i18n/translate.ts';
import type { Tone } from '../../shared/tone.ts';
import { type Summary, useViewer } from '../model/viewer.ts';
import { loginDoubt } from '../session/login-doubt.ts';
import { Asking } from './asking.tsx';
import { OverlayCard } from './overlay-card.tsx';
import { TypeLogin } from './type-login.tsx';

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
    case 'asks':
      return <Asking key={value.need.kind} need={value.need} />;
    case 'failed':
      return (
        <Over tone="bad" title={t('viewer.failed')} summary={null}>
          <FailureWords failure={value.failure} />
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
      if (ending.kind === 'refused') {
        const protocol = about.value?.protocol ?? null;
        const doubt = loginDoubt({ status: ending.status, protocol, drawn: drawn.value });
        const neverBegan = doubt === 'refused' ? 'viewer.refused' : 'viewer.failed';
        return (
          <Over
            tone="bad"
            title={t(drawn.value ? 'viewer.ended' : neverBegan)}
            summary={drawn.value ? summary : null}
            doubt={doubt}
          >
            <FailureWords failure={about.value?.ended?.failure ?? { message: ending.sentence }} />
          </Over>
        );
      }
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
  doubt = null,
  children,
}: {
  readonly tone: Tone;
  readonly title: string;
  readonly summary: Summary | null;
  /** Whether the machine has refused the login. */
  readonly doubt?: ReturnType<typeof loginDoubt>;
  readonly children: preact.ComponentChildren;
}) {
  const viewer = useViewer();
  const [typing, setTyping] = useState(false);
  const left = viewer.comingBack.left.value;
  if (typing) return <TypeLogin onBack={() => setTyping(false)} />;
  // While the window comes back by itself, the session is still there, and needs no login.
  const mayType = !viewer.watching.value && (doubt !== null || (viewer.loginTyped.value && left === null));
  const typeFirst = doubt === 'refused';
  const type = mayType && (
    <Button look={typeFirst ? 'primary' : 'normal'} onClick={() => setTyping(true)}>
      {t('viewer.login-type')}
    </Button>
  );
  return (
    <OverlayCard
      tone={tone}
      title={title}
      words={children}
      actions={
        <>
          {typeFirst && type}
          <Button look={typeFirst ? 'normal' : 'primary'} icon="retry" onClick={() => void viewer.open()}>
            {t(left === null ? 'viewer.again' : 'viewer.now')}
          </Button>
          {!typeFirst && type}
          <Button onClick={() => viewer.close()}>{t('viewer.close')}</Button>
        </>
      }
    >
      {left !== null && <p class="quiet numbers">{t('viewer.back-in', { count: left })}</p>}
      {summary && <SummaryList summary={summary} />}
    </OverlayCard>
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
