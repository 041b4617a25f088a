import type { Traffic, TrafficSample } from '../../../preload/contract/types.ts';

/** What the plots show, in ms. */
export const SPAN_MS = 60 * 60 * 1000;

/** With one sample more, and without those that are too old to be shown. */
export function withSample(traffic: Traffic, sample: TrafficSample): Traffic {
  const from = sample.at - SPAN_MS - traffic.everyMs;
  const newest = traffic.samples[traffic.samples.length - 1];
  // Asked for and told may overlap.
  if (newest && sample.at <= newest.at) return traffic;
  return { ...traffic, samples: [...traffic.samples.filter(({ at }) => at >= from), sample] };
}

/** Bytes a second each way, by sample. */
export function rates({ samples, everyMs }: Traffic): {
  readonly toPeer: number[];
  readonly toGuacd: number[];
} {
  const perSecond = (count: number) => (count * 1000) / everyMs;
  return {
    toPeer: samples.map(({ toPeer }) => perSecond(toPeer)),
    toGuacd: samples.map(({ toGuacd }) => perSecond(toGuacd)),
  };
}

export function most(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}

export function last(values: readonly number[]): number {
  return values[values.length - 1] ?? 0;
}
