import { useState } from 'preact/hooks';
import { countSessions } from '../../../main/core/describe-session.ts';
import type { OutpostStatus } from '../../../main/core/status.ts';
import { Button } from '../../shared/button.tsx';
import { Confirm } from '../../shared/dialog.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { duration } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import type { Tone } from '../../shared/tone.ts';
import { useModel } from '../model/model.ts';
import { type Said, sayStatus } from '../words.ts';
import { Unlock } from './unlock.tsx';

/** The state, large, with its cause and what can be done. */
export function Hero() {
  const { app, status, now } = useModel();
  const outpost = app.value?.outpost;
  if (outpost?.kind === 'locked') return <Unlock />;
  const said = sayOutpost(status.value, outpost, now.value);
  return (
    <section class={`hero ${said.tone}`} aria-label={t('overview.state')}>
      <span class="hero-glyph">
        <StateGlyph tone={said.tone} size={44} />
      </span>
      <div class="hero-words">
        {/* The seconds that count down would be read out again and again. */}
        <h2 class="hero-title">{said.title}</h2>
        {said.facts !== '' && <p class="quiet wrap-anywhere">{said.facts}</p>}
        {said.cause && (
          <div class="hero-cause">
            <FailureWords failure={said.cause} />
          </div>
        )}
      </div>
      {outpost?.kind === 'ended' && <EndedActions />}
      {status.value && !status.value.forMember && <HeroActions status={status.value} tone={said.tone} />}
    </section>
  );
}

function sayOutpost(
  status: OutpostStatus | null,
  outpost: { readonly kind: string } | undefined,
  now: number,
): Said {
  const { app } = useModel();
  const state = app.value?.outpost;
  if (state?.kind === 'ended')
    return {
      tone: 'bad',
      title: t('state.ended'),
      facts: state.retryAt === null ? '' : t('state.ended-retry', { time: duration(state.retryAt - now) }),
      cause: state.failure,
    };
  if (status === null || outpost?.kind === 'starting')
    return { tone: 'busy', title: t('state.app-starting'), facts: '', cause: null };
  return sayStatus(status, now);
}

/** No outpost answers: what is left is to start it at once, and what it said last. */
function EndedActions() {
  const model = useModel();
  return (
    <div class="hero-actions">
      <Button icon="retry" look="primary" onClick={() => void model.act('outpost/retry', {})}>
        {t('outpost.retry')}
      </Button>
      <Button icon="folder" onClick={() => void model.act('log/open-folder', {})}>
        {t('overview.open-log')}
      </Button>
    </div>
  );
}

function HeroActions({ status, tone }: { readonly status: OutpostStatus; readonly tone: Tone }) {
  const model = useModel();
  const [asking, ask] = useState(false);
  const { phase, link, host } = status;
  const open = countSessions(status.sessions);
  const stop = (drain: boolean) => void model.act('outpost/stop', { drain });
  if (host === null) return null;
  return (
    <div class="hero-actions">
      {(link.kind === 'waiting' || link.kind === 'rejected') && phase === 'running' && (
        <Button icon="retry" look="primary" onClick={() => void model.act('outpost/retry', {})}>
          {t('outpost.retry')}
        </Button>
      )}
      {phase === 'stopped' && status.wish === 'stop' && (
        <Button icon="play" look="primary" onClick={() => void model.act('outpost/start', {})}>
          {t('outpost.start')}
        </Button>
      )}
      {phase === 'stopped' && status.wish === 'run' && (
        <>
          <Button icon="retry" look="primary" onClick={() => void model.act('outpost/retry', {})}>
            {t('outpost.retry')}
          </Button>
          <Button icon="stop" onClick={() => stop(false)}>
            {t('outpost.stop')}
          </Button>
        </>
      )}
      {phase === 'running' && open > 0 && <Button onClick={() => stop(true)}>{t('outpost.drain')}</Button>}
      {phase === 'draining' && (
        <Button icon="play" onClick={() => void model.act('outpost/start', {})}>
          {t('outpost.keep-running')}
        </Button>
      )}
      {(tone === 'bad' || tone === 'warn' || link.kind === 'waiting') && (
        <Button
          onClick={() => {
            model.route.go('help');
            void model.doctor.run(null);
          }}
        >
          {t('overview.check-all')}
        </Button>
      )}
      {(phase === 'running' || phase === 'draining') && (
        <Button icon="stop" onClick={() => (open > 0 ? ask(true) : stop(false))}>
          {t('outpost.stop')}
        </Button>
      )}
      {asking && (
        <Confirm
          title={t('outpost.stop-title')}
          action={t('outpost.stop-action', { count: open })}
          onClose={() => ask(false)}
          onConfirm={() => stop(false)}
        >
          <p>{t('outpost.stop-words', { count: open })}</p>
        </Confirm>
      )}
    </div>
  );
}
