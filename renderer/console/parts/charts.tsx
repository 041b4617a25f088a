import { Card } from '../../shared/card.tsx';
import { bytes, decimal, rate } from '../../shared/format.ts';
import { locale, t } from '../../shared/i18n/translate.ts';
import { Plot } from '../../shared/plot.tsx';
import { useModel } from '../model/model.ts';
import { useTheme } from '../model/theme.ts';
import { last, most, rates, SPAN_MS } from '../model/traffic.ts';

/** Sessions and throughput of the last hour, as lines and as numbers. */
export function Charts() {
  const { traffic } = useModel();
  const theme = useTheme();
  const { samples } = traffic.value;
  const at = samples.map((sample) => sample.at);
  const to = at[at.length - 1] ?? Date.now();
  const from = to - SPAN_MS;
  const sessions = samples.map((sample) => sample.sessions);
  const { toPeer, toGuacd } = rates(traffic.value);
  const total = samples.reduce((sum, sample) => sum + sample.toPeer + sample.toGuacd, 0);
  const shared = { at, from, to, theme: `${theme} ${locale()}` };
  return (
    <div class="charts">
      <Card
        title={t('charts.sessions')}
        actions={
          <dl class="figures">
            <Figure name={t('charts.now')} value={decimal(last(sessions))} />
            <Figure name={t('charts.most')} value={decimal(most(sessions))} />
          </dl>
        }
      >
        <Plot
          {...shared}
          series={[{ label: t('charts.sessions'), values: sessions, colour: '--plot-one' }]}
          format={(value) => decimal(value)}
          least={4}
          steps
          summary={t('charts.sessions-summary', { now: last(sessions), most: most(sessions) })}
        />
      </Card>
      <Card
        title={t('charts.throughput')}
        actions={
          <dl class="figures">
            <Figure name={t('charts.to-people')} value={rate(last(toPeer))} swatch="one" />
            <Figure name={t('charts.to-machines')} value={rate(last(toGuacd))} swatch="two" />
            <Figure name={t('charts.total')} value={bytes(total)} />
          </dl>
        }
      >
        <Plot
          {...shared}
          series={[
            { label: t('charts.to-people'), values: toPeer, colour: '--plot-one' },
            { label: t('charts.to-machines'), values: toGuacd, colour: '--plot-two' },
          ]}
          format={rate}
          least={1000}
          summary={t('charts.throughput-summary', {
            people: rate(last(toPeer)),
            machines: rate(last(toGuacd)),
            most: rate(most(toPeer)),
          })}
        />
      </Card>
    </div>
  );
}

function Figure({
  name,
  value,
  swatch,
}: {
  readonly name: string;
  readonly value: string;
  readonly swatch?: 'one' | 'two';
}) {
  return (
    <div class="figure">
      <dt>
        {swatch && <span class={`swatch ${swatch}`} aria-hidden="true" />}
        {name}
      </dt>
      <dd class="numbers">{value}</dd>
    </div>
  );
}
