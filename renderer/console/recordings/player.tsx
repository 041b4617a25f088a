import { useEffect, useRef, useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { Recording } from '../../../preload/contract/recordings.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { BrokenStream } from '../../viewer/guacamole/parser.ts';
import { Ports } from '../../viewer/model/ports.ts';
import { useModel } from '../model/model.ts';
import { sayUser } from '../words.ts';
import { MAX_REPLAY_BYTES, Replay } from './replay.ts';

const SPEEDS = ['0.5', '1', '2', '4', '8'] as const;
type Speed = (typeof SPEEDS)[number];
/** What an arrow key jumps, in milliseconds. */
const STEP_MS = 5_000;

/** Ports arrive for the whole page. */
const ports = new Ports();

/** Plays what was recorded; what is not there yet can be played as soon as it is. */
export function Player({
  recording,
  onClose,
}: {
  readonly recording: Recording;
  readonly onClose: () => void;
}) {
  const { client } = useModel();
  const [, draw] = useState(0);
  const [speed, setSpeed] = useState<Speed>('1');
  const [skips, setSkips] = useState(false);
  const full = useFullScreen();
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const stage = useRef<HTMLDivElement>(null);
  const replay = useRef<Replay | null>(null);
  useEffect(() => {
    const mine = new Replay(() => draw((count) => count + 1));
    replay.current = mine;
    const unfit = stage.current ? fitted(stage.current, mine) : () => {};
    const stop = load(mine, {
      open: () => client.call('recordings/play', { id: recording.id }),
      onReady: () => void mine.seek(0).then(() => mine.play()),
      onEnd: (words) => {
        setLoading(false);
        setProblem(words);
      },
    });
    return () => {
      stop();
      unfit();
      mine.end();
    };
  }, [client, recording.id]);
  const { position = 0, duration = 0, playing = false } = replay.current ?? {};
  const toggle = () => (playing ? replay.current?.pause() : replay.current?.play());
  const jump = (to: number) => void replay.current?.seek(to);
  const onKey = (event: KeyboardEvent) => {
    // Else the dialog would close with it.
    if (event.key === 'Escape' && full.is) {
      event.preventDefault();
      full.toggle();
      return;
    }
    if (event.target instanceof HTMLSelectElement) return;
    // A button is pressed by it.
    if (event.key === ' ' && event.target instanceof HTMLButtonElement) return;
    if (event.key === ' ') toggle();
    else if (event.key === 'ArrowLeft') jump(position - STEP_MS);
    else if (event.key === 'ArrowRight') jump(position + STEP_MS);
    else if (event.key === 'Home') jump(0);
    else if (event.key === 'End') jump(duration);
    else return;
    event.preventDefault();
  };
  const key = useRef(onKey);
  key.current = onKey;
  useEffect(() => {
    // The dialog is modal: keys are for it, wherever the focus is.
    const hear = (event: KeyboardEvent) => key.current(event);
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, []);
  return (
    <Dialog
      title={t('recordings.player-title', { user: sayUser(recording.user), machine: recording.machine })}
      wide
      onClose={onClose}
    >
      <div class="player" ref={full.element}>
        {problem !== null && (
          <p class="quiet" role="status">
            {problem}
          </p>
        )}
        <div class="player-stage" ref={stage} role="img" aria-label={t('recordings.screen')} />
        <div class="player-bar">
          <Button look="primary" autoFocus busy={duration === 0} onClick={toggle}>
            {playing ? t('recordings.pause') : t('recordings.play')}
          </Button>
          <input
            class="player-seek"
            type="range"
            min={0}
            max={Math.max(1, Math.round(duration))}
            step={1}
            value={Math.round(position)}
            aria-label={t('recordings.seek')}
            aria-valuetext={t('recordings.at', { at: length(position), of: length(duration) })}
            onInput={(event) => jump(Number(event.currentTarget.value))}
          />
          <span class="numbers quiet">
            {length(position)} / {length(duration)} (−{length(duration - position)})
          </span>
          <Select
            label={t('recordings.speed')}
            value={speed}
            choices={SPEEDS.map((value) => ({ value, text: `${value === '0.5' ? '½' : value}×` }))}
            onChange={(value) => {
              setSpeed(value);
              if (replay.current) replay.current.speed = Number(value);
            }}
          />
          <Button
            small
            pressed={skips}
            onClick={() => {
              setSkips(!skips);
              if (replay.current) replay.current.skipsIdle = !skips;
            }}
          >
            {t('recordings.skip-idle')}
          </Button>
          <Button small pressed={full.is} onClick={full.toggle}>
            {t('recordings.full-screen')}
          </Button>
        </div>
        {loading && <p class="quiet">{t('recordings.loading')}</p>}
      </div>
    </Dialog>
  );
}

/** An element that can have the whole screen. */
function useFullScreen() {
  const element = useRef<HTMLDivElement>(null);
  const [is, set] = useState(false);
  useEffect(() => {
    const look = () => set(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  const toggle = () => {
    const change = is ? document.exitFullscreen() : element.current?.requestFullscreen();
    // A screen that is refused leaves the player as it is.
    change?.catch(() => {});
  };
  return { element, is, toggle };
}

interface Loading {
  readonly open: () => Promise<
    | { readonly ok: true; readonly value: { readonly port: number } }
    | { readonly ok: false; readonly failure: Failure }
  >;
  /** There is something to show. */
  readonly onReady: () => void;
  /** All there is has come; or why not. */
  readonly onEnd: (problem: string | null) => void;
}

/** Reads the recording from its port; returns what stops that. */
function load(replay: Replay, { open, onReady, onEnd }: Loading): () => void {
  let port: MessagePort | null = null;
  let isStopped = false;
  let isReady = false;
  const end = (problem: string | null) => {
    if (isStopped) return;
    port?.close();
    isStopped = true;
    if (!isReady && replay.duration >= 0) onReady();
    onEnd(problem);
  };
  const take = (data: unknown) => {
    if (isStopped) return;
    if (!(data instanceof Uint8Array)) return end(wordsOf(data));
    if (replay.bytes + data.length > MAX_REPLAY_BYTES) return end(t('recordings.too-long'));
    try {
      replay.push(data);
    } catch (error) {
      if (!(error instanceof BrokenStream)) throw error;
      return end(t('recordings.broken'));
    }
    port?.postMessage(data.length);
    if (isReady || replay.duration === 0) return;
    isReady = true;
    onReady();
  };
  void (async () => {
    const answer = await open();
    if (!answer.ok) return end(answer.failure.message);
    port = await ports.take(answer.value.port);
    if (isStopped) return port.close();
    port.onmessage = ({ data }: MessageEvent) => take(data);
  })();
  return () => {
    isStopped = true;
    port?.close();
  };
}

function wordsOf(data: unknown): string | null {
  const { end = null } = (data ?? {}) as { readonly end?: Failure | null };
  if (end === null) return null;
  return t(end.code === 'recording-unreadable' ? 'recordings.changed' : 'recordings.broken');
}

/** Shows the display as large as there is room for it; returns what ends that. */
function fitted(stage: HTMLElement, { display }: Replay): () => void {
  stage.append(display.getElement());
  const scale = () => {
    const width = display.getWidth();
    const height = display.getHeight();
    if (width === 0 || height === 0) return;
    display.scale(Math.min(stage.clientWidth / width, stage.clientHeight / height));
  };
  display.onresize = scale;
  const observer = new ResizeObserver(scale);
  observer.observe(stage);
  return () => observer.disconnect();
}

/** `1:02:03`, or `2:03` where there are no hours. */
function length(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
