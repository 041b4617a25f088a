import type { CallParams, RequestName, Value } from '../../../preload/contract/console.ts';
import type { Recording } from '../../../preload/contract/recordings.ts';
import type { PortNotice } from '../../../preload/contract/viewer.ts';

type RecordingsRequest = Extract<RequestName, `recordings/${string}`>;
type Handlers = {
  readonly [N in RecordingsRequest]: (params: CallParams<N>) => Value<N> | Promise<Value<N>>;
};

const AT = Date.UTC(2025, 10, 3, 9, 30);
const SOME: Recording = {
  id: '7d1f0c52-4b1e-4d0a-9a60-5a9d5b0b1a01',
  session: 's1',
  source: 'authentik',
  protocol: 'ssh',
  user: 'alice',
  machine: 'web1:22',
  startedAt: AT,
  durationMs: 754_000,
  bytes: 2_310_000,
  keys: false,
  sealed: false,
  state: 'whole',
};
export const SAMPLE_RECORDINGS: readonly Recording[] = [
  { ...SOME, id: '7d1f0c52-4b1e-4d0a-9a60-5a9d5b0b1a02', user: 'bob', protocol: 'rdp', state: 'running' },
  SOME,
  {
    ...SOME,
    id: '7d1f0c52-4b1e-4d0a-9a60-5a9d5b0b1a03',
    user: null,
    machine: 'cnc-mill 3',
    state: 'broken-off',
  },
  { ...SOME, id: '7d1f0c52-4b1e-4d0a-9a60-5a9d5b0b1a04', sealed: true, machine: 'db-primary:22' },
];

const ins = (...elements: readonly (string | number)[]) =>
  `${elements.map((element) => `${[...String(element)].length}.${element}`).join(',')};`;
const COLOURS = [
  [200, 40, 40],
  [40, 160, 60],
  [40, 80, 200],
] as const;

/** Twelve seconds of 640 × 480: a square of another colour every 100 ms, and the pointer across it. */
export function sampleStream(): string {
  let text = ins('size', 0, 640, 480);
  for (let frame = 0; frame <= 120; frame += 1) {
    const [red, green, blue] = COLOURS[Math.floor(frame / 40) % COLOURS.length] ?? COLOURS[0];
    text += ins('rect', 0, 0, 0, 640, 480) + ins('cfill', 14, 0, red, green, blue, 255);
    text += ins('mouse', frame * 5, 240, 0, 1000 + frame * 100);
    text += ins('sync', 1000 + frame * 100, 1);
  }
  return text;
}

/** Recordings as the main side tells them; each plays the same. */
export function fakeRecordings(): Handlers {
  let recordings = SAMPLE_RECORDINGS;
  let ports = 0;
  const find = (id: string) => recordings.find((one) => one.id === id) ?? SOME;
  return {
    'recordings/list': ({ offset }) => ({
      recordings: recordings.slice(offset),
      total: recordings.length,
      bytes: recordings.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
    'recordings/play': ({ id }) => {
      ports += 1;
      const { port1, port2 } = new MessageChannel();
      const notice: PortNotice = { sallyportPort: ports };
      window.postMessage(notice, location.origin, [port2]);
      port1.postMessage(new TextEncoder().encode(sampleStream()));
      port1.postMessage({ end: null });
      return { port: ports, recording: find(id) };
    },
    'recordings/export': () => ({ path: '/home/admin/Downloads/session.guac' }),
    'recordings/remove': ({ id }) => {
      recordings = recordings.filter((one) => one.id !== id);
      return {};
    },
  };
}
