import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clockShort } from './format.ts';

export interface Series {
  readonly label: string;
  readonly values: readonly number[];
  readonly colour: '--plot-one' | '--plot-two';
}

export interface PlotProps {
  /** Moments in ms since 1970, oldest first. */
  readonly at: readonly number[];
  readonly series: readonly Series[];
  /** The span that is shown, in ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly format: (value: number) => string;
  /** What the lines show, in words: all that someone who cannot see them gets. */
  readonly summary: string;
  /** The axis goes at least this far. */
  readonly least: number;
  readonly height?: number;
  /** Steps instead of slopes: for counts. */
  readonly steps?: boolean;
  /** Changes when the colours do. */
  readonly theme: string;
}

/** Lines over time, with a legend that gives the numbers and a summary in words. */
export function Plot(props: PlotProps) {
  const { series, summary, height = 170, theme } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const names = series.map(({ label }) => label).join('\n');

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const made = new uPlot(
      options(element, latest.current, () => latest.current),
      data(latest.current),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current = null;
      made.destroy();
    };
    // Made anew where colours or words change; new numbers are handed in below.
  }, [theme, names, height]);
  useEffect(() => {
    const { current } = plot;
    if (!current) return;
    current.setData(data(props), false);
    current.setScale('x', { min: props.from / 1000, max: props.to / 1000 });
  });

  return (
    <figure class="plot">
      <div ref={place} class="plot-area" aria-hidden="true" style={{ height: `${height}px` }} />
      <figcaption class="unseen">{summary}</figcaption>
    </figure>
  );
}

function data({ at, series }: PlotProps): uPlot.AlignedData {
  return [at.map((moment) => moment / 1000), ...series.map(({ values }) => [...values])];
}

function options(element: HTMLElement, props: PlotProps, now: () => PlotProps): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const grid = { stroke: colour('--line'), width: 1 };
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: colour('--quiet'), font, ticks: { show: false } } satisfies uPlot.Axis;
  const stepped = props.steps === true ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    width: Math.max(120, element.clientWidth),
    height: props.height ?? 170,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { setScale: false } },
    scales: {
      x: { time: true },
      y: { range: (_, __, most) => [0, Math.max(now().least, (most ?? 0) * 1.15)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 90,
        size: 26,
        values: (_, ticks) => ticks.map((tick) => clockShort(tick * 1000)),
      },
      {
        ...axis,
        grid,
        size: props.steps === true ? 34 : 70,
        space: 34,
        // Whole counts have no half sessions.
        incrs: props.steps === true ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] : byteSteps(),
        values: (_, ticks) => ticks.map((tick) => now().format(tick)),
      },
    ],
    series: [
      {},
      ...props.series.map(({ label, colour: name }) => ({
        label,
        stroke: colour(name),
        fill: `${colour(name)}1f`,
        width: 1.75,
        points: { show: false },
        ...(stepped && { paths: stepped }),
      })),
    ],
  };
}

/** 1, 2 and 5 of each power of ten: bytes are written in powers of ten. */
function byteSteps(): number[] {
  return Array.from({ length: 14 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
}
