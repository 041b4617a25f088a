import { decimal, rate } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { useViewer } from '../model/viewer.ts';

/** Small in the corner, and only where it was asked for. */
export function MeasuresCorner() {
  const { framesPerSecond, drawMs, pingMs, received, sent } = useViewer().measures.value;
  const ms = (value: number) => t('time.milliseconds', { value: decimal(value, value < 10 ? 1 : 0) });
  const facts = [
    t('viewer.frames', { value: decimal(framesPerSecond, 0) }),
    drawMs === null ? null : t('viewer.drawn-in', { time: ms(drawMs) }),
    pingMs === null ? null : t('viewer.outpost-in', { time: ms(pingMs) }),
    t('viewer.rates', { received: rate(received), sent: rate(sent) }),
  ];
  return (
    <ul class="measures numbers" aria-label={t('viewer.measures-label')}>
      {facts.map((fact, at) => fact !== null && <li key={at}>{fact}</li>)}
    </ul>
  );
}
