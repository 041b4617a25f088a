import type { Failure } from '../../../main/core/errors.ts';
import type {
  GuacdInstance,
  GuacdState,
  LinkState,
  MetricsState,
  OutpostStatus,
} from '../../../main/core/status.ts';
import { age, duration } from '../../shared/format.ts';
import { failureTitle } from '../../shared/i18n/core-words.ts';
import { t } from '../../shared/i18n/translate.ts';
import { Icon, type IconName } from '../../shared/icon.tsx';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import type { Tone } from '../../shared/tone.ts';
import { useModel } from '../model/model.ts';

interface Health {
  readonly tone: Tone;
  readonly text: string;
  /** The age of the last proof, or what is behind the text. */
  readonly proof: string;
  readonly failure?: Failure | null;
}

/**
 * The four parts that an outpost stands on, each with the age of the last proof that it is well. A member is shown those
 * that their sessions stand on.
 */
export function HealthTiles({ status }: { readonly status: OutpostStatus }) {
  const { now } = useModel();
  return (
    <ul class="tiles" aria-label={t('overview.parts')}>
      <Tile icon="link" title={t('health.link')} health={linkHealth(status.link, now.value)} />
      {!status.forMember && (
        <Tile icon="database" title={t('health.api')} health={apiHealth(status, now.value)} />
      )}
      <Tile icon="cpu" title={t('health.guacd')} health={guacdHealth(status.guacd, now.value)} />
      {!status.forMember && (
        <Tile icon="gauge" title={t('health.metrics')} health={metricsHealth(status.metrics)} />
      )}
    </ul>
  );
}

function Tile({
  icon,
  title,
  health,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly health: Health;
}) {
  return (
    <li class="tile">
      <div class="tile-head">
        <Icon name={icon} size={18} />
        <h3>{title}</h3>
        <StateGlyph tone={health.tone} size={16} />
      </div>
      <p class="tile-text wrap-anywhere">{health.text}</p>
      <p class="quiet small wrap-anywhere">{health.proof}</p>
    </li>
  );
}

function linkHealth(link: LinkState, now: number): Health {
  switch (link.kind) {
    case 'stopped':
      return { tone: 'off', text: t('health.not-connected'), proof: t('health.link-idle') };
    case 'connecting':
      return {
        tone: 'busy',
        text: t('health.connecting'),
        proof: t('health.since', { time: duration(now - link.since) }),
      };
    case 'online':
      return {
        tone: 'good',
        text: t('health.connected'),
        proof:
          link.acknowledgedAt === null
            ? t('health.no-hello')
            : t('health.hello', { age: age(now - link.acknowledgedAt) }),
      };
    case 'waiting':
      return {
        tone: 'busy',
        text: t('health.waiting', { attempt: link.attempt }),
        proof: t('health.next-try', { time: duration(link.retryAt - now) }),
      };
    case 'rejected':
      return {
        tone: 'bad',
        text: t('health.rejected'),
        proof: t('health.next-try', { time: duration(link.retryAt - now) }),
      };
    default:
      return link satisfies never;
  }
}

function apiHealth({ outpost, updateFailure, phase }: OutpostStatus, now: number): Health {
  if (!outpost)
    return updateFailure
      ? {
          tone: 'bad',
          text: t('health.api-failed'),
          proof: failureTitle(updateFailure.code) ?? updateFailure.message,
        }
      : {
          tone: phase === 'stopped' ? 'off' : 'busy',
          text: t('health.api-unknown'),
          proof: t('health.api-idle'),
        };
  const proof = t('health.fetched', { age: age(now - outpost.updatedAt) });
  if (updateFailure) return { tone: 'warn', text: t('health.api-stale'), proof };
  const { length } = outpost.providers;
  return { tone: length === 0 ? 'warn' : 'good', text: t('health.providers', { count: length }), proof };
}

function guacdHealth(guacd: GuacdState, now: number): Health {
  switch (guacd.kind) {
    case 'stopped':
      return { tone: 'off', text: t('health.guacd-stopped'), proof: t('health.guacd-idle') };
    case 'starting':
      return {
        tone: 'busy',
        text: guacd.step
          ? t(`health.guacd-${guacd.step.kind}`, { image: guacd.step.image })
          : t('health.guacd-starting'),
        proof: t('health.since', { time: duration(now - guacd.since) }),
      };
    case 'down':
      return {
        tone: 'bad',
        text: t('health.guacd-down'),
        proof: t('health.next-try', { time: duration(guacd.retryAt - now) }),
      };
    case 'up': {
      const { instances, since } = guacd;
      const healthy = instances.filter((instance) => instance.healthy).length;
      const [only] = instances;
      const proof = t('health.up-for', { time: duration(now - since) });
      // Members are not told where it is.
      if (instances.length === 1 && only && only.address !== '')
        return {
          tone: only.healthy ? 'good' : 'bad',
          text: only.version === null ? only.address : t('health.version', { version: only.version }),
          proof: [only.address, ...inContainer(only), ...(only.healthy ? [proof] : [])].join(' · '),
        };
      return {
        tone: healthy === instances.length ? 'good' : healthy === 0 ? 'bad' : 'warn',
        text: t('health.instances', { healthy, count: instances.length }),
        proof,
      };
    }
    default:
      return guacd satisfies never;
  }
}

function inContainer({ container }: GuacdInstance): string[] {
  return container ? [t('health.in-container', { ...container })] : [];
}

function metricsHealth(metrics: MetricsState): Health {
  switch (metrics.kind) {
    case 'off':
      return { tone: 'off', text: t('health.metrics-off'), proof: t('health.metrics-off-why') };
    case 'listening':
      return { tone: 'good', text: metrics.address, proof: t('health.metrics-listening') };
    case 'failed':
      return {
        tone: 'warn',
        text: t('health.metrics-failed', { address: metrics.address }),
        proof: failureTitle(metrics.reason.code) ?? metrics.reason.message,
      };
    default:
      return metrics satisfies never;
  }
}
