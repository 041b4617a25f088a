import { computed, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { ViewerClient } from '../../../preload/contract/requests.ts';
import type { Preferences } from '../../../preload/contract/types.ts';
import type { ViewerAbout, ViewerLogin, ViewerNeed } from '../../../preload/contract/viewer.ts';
import { setLocale, systemLocale, t } from '../../shared/i18n/translate.ts';
import { FileDesk } from '../files/file-desk.ts';
import { shownName } from '../files/names.ts';
import { SavePort } from '../files/save-port.ts';
import { Transfers } from '../files/transfers.ts';
import { Clipboard } from '../session/clipboard.ts';
import { pressAll } from '../session/key-combinations.ts';
import { type Measures, Meter, NO_MEASURES } from '../session/measure.ts';
import { type Ending, Remote } from '../session/remote.ts';
import { type ScaleMode, type Size, wantedDpi, wantedSize } from '../session/scaling.ts';
import { pictureOf } from '../session/screenshot.ts';
import { AUDIO_TYPES, Sound } from '../session/sound.ts';
import { Notes } from './notes.ts';
import type { Ports } from './ports.ts';
import { Return } from './return.ts';

/** Parameters that guacd may ask for at once. */
const MAX_QUESTIONS = 16;

/** Where the session is. */
export type Phase =
  | { readonly kind: 'opening' }
  | { readonly kind: 'live'; readonly remote: Remote }
  /** This host wants something of the person before it opens it. */
  | { readonly kind: 'asks'; readonly need: ViewerNeed }
  /** It could not be opened. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'over'; readonly ending: Ending; readonly summary: Summary };

/** What a session was, for its end. */
export interface Summary {
  /** Milliseconds. */
  readonly lasted: number;
  readonly received: number;
  readonly sent: number;
}

/** What a person gives for the opening of a session. */
export interface Given {
  /** What it is for. */
  readonly reason?: string;
  /** In place of what is kept for the machine. */
  readonly login?: ViewerLogin;
}

export type Panel = 'none' | 'files' | 'clipboard' | 'keys';

/** Everything that the window shows and does. */
export class Viewer {
  readonly about = signal<ViewerAbout | null>(null);
  readonly phase = signal<Phase>({ kind: 'opening' });
  readonly panel = signal<Panel>('none');
  readonly scale = signal<ScaleMode>('fit');
  readonly sounds = signal(true);
  readonly fullScreen = signal(false);
  /** Whether the numbers in the corner are shown. */
  readonly measuring = signal(false);
  readonly measures = signal<Measures>(NO_MEASURES);
  /** What guacd asks for. */
  readonly required = signal<readonly string[]>([]);
  /** The machine has drawn something. */
  readonly drawn = signal(false);
  /** A login was typed in this window, so what is kept for the machine will hardly do. */
  readonly loginTyped = signal(false);
  readonly files = signal<FileDesk | null>(null);
  readonly transfers = new Transfers();
  readonly notes = new Notes();
  readonly clipboard = new Clipboard(this.notes, (text) => this.remote?.copy(text));
  readonly comingBack = new Return(() => void this.open());
  readonly sound = new Sound();
  readonly watching = computed(() => this.about.value?.kind === 'watch');
  /** Called when the machine's picture has another size, or another picture comes. */
  onPicture: () => void = () => {};
  readonly #client: ViewerClient;
  readonly #ports: Pick<Ports, 'take'>;
  #room: Size = { width: 1024, height: 768 };
  #meter = new Meter(performance.now());
  #opening = 0;

  constructor(client: ViewerClient, ports: Pick<Ports, 'take'>) {
    this.#client = client;
    this.#ports = ports;
    client.on('viewer/about', (about) => {
      this.about.value = about;
    });
    client.on('preferences', (preferences) => this.#prefer(preferences));
  }

  /** The session, while there is one. */
  get remote(): Remote | null {
    const { value } = this.phase;
    return value.kind === 'live' ? value.remote : null;
  }

  /** Asks once for everything that events then keep fresh, and opens the session. */
  async begin(): Promise<void> {
    const [preferences, about] = await Promise.all([
      this.#client.call('preferences/get', {}),
      this.#client.call('viewer/about', {}),
    ]);
    if (preferences.ok) this.#prefer(preferences.value);
    if (about.ok) this.about.value ??= about.value;
    setInterval(() => this.#measure(), 1000);
    addEventListener('focus', () => void this.clipboard.offer());
    document.addEventListener('fullscreenchange', () => {
      this.fullScreen.value = document.fullscreenElement !== null;
    });
    await this.open();
  }

  /** Opens the session, or opens it again. What is given goes to the outpost, and is not kept here. */
  async open(given: Given = {}): Promise<void> {
    const mine = ++this.#opening;
    this.comingBack.stop();
    this.#leave();
    this.phase.value = { kind: 'opening' };
    if (given.login) this.loginTyped.value = true;
    // How an earlier one ended is no news of this one.
    const about = this.about.peek();
    if (about) this.about.value = { ...about, ended: null };
    const ratio = devicePixelRatio;
    const display = {
      ...wantedSize(this.#room, ratio),
      dpi: wantedDpi(ratio),
      audio: this.watching.peek() ? [] : [...AUDIO_TYPES],
    };
    const answer = await this.#client.call('viewer/begin', { display, ...given });
    if (mine !== this.#opening) return;
    if (!answer.ok) {
      this.phase.value = { kind: 'failed', failure: answer.failure };
      return;
    }
    if ('needs' in answer.value) {
      this.phase.value = { kind: 'asks', need: answer.value.needs };
      return;
    }
    const port = await this.#ports.take(answer.value.port).catch(() => null);
    if (port !== null) this.#show(port);
  }

  /** Unlocks the vault that the session waits for, and opens the session; what was typed is kept nowhere. */
  async unlock(passphrase: string | null): Promise<Failure | null> {
    const answer = await this.#client.call('viewer/unlock', passphrase === null ? {} : { passphrase });
    if (!answer.ok) return answer.failure;
    await this.open();
    return null;
  }

  /** The place for the machine's picture has this size, in CSS' pixels. */
  fits(room: Size): void {
    this.#room = room;
    if (!this.watching.peek()) this.remote?.resize(wantedSize(room, devicePixelRatio));
  }

  press(keysyms: readonly number[]): void {
    pressAll(keysyms, (pressed, keysym) => this.remote?.key(pressed, keysym));
  }

  /** Answers guacd's question; what was typed is kept nowhere. */
  answer(values: Readonly<Record<string, string>>): void {
    const names = this.required.peek();
    this.required.value = [];
    for (const name of names) this.remote?.answer(name, values[name] ?? '');
  }

  turnSound(on: boolean): void {
    this.sounds.value = on;
    this.sound.turn(on);
  }

  async turnFullScreen(): Promise<void> {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
      return;
    }
    await document.documentElement.requestFullscreen().catch(() => undefined);
    // System keys go to the machine while it fills the screen. Not in every browser's types.
    const keyboard: unknown = Reflect.get(navigator, 'keyboard');
    const lock: unknown = keyboard instanceof EventTarget && Reflect.get(keyboard, 'lock');
    if (typeof lock === 'function') await Promise.resolve(lock.call(keyboard)).catch(() => undefined);
  }

  async screenshot(): Promise<void> {
    const remote = this.remote;
    if (remote === null) return;
    const picture = await pictureOf(remote.display);
    const { machine = 'session' } = this.about.peek() ?? {};
    const at = new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-');
    const file = await this.#save('screenshot', `${machine} ${at}.png`);
    if (file === null) return;
    await file.write(picture);
    const outcome = await file.finish();
    if ('saved' in outcome) this.notes.tell(t('viewer.screenshot-saved', { name: outcome.saved }));
    else this.notes.complain(outcome.failure);
  }

  close(): void {
    void this.#client.call('viewer/close', {});
  }

  #show(port: MessagePort): void {
    this.#meter = new Meter(performance.now());
    this.drawn.value = false;
    const meter = this.#meter;
    const remote: Remote = new Remote(port, {
      readOnly: this.watching.peek(),
      sound: this.sound,
      onLive: () => {
        this.drawn.value = true;
        this.comingBack.arrived();
        void this.clipboard.offer();
      },
      onEnd: (ending) => this.#over(remote, ending),
      onClipboard: (text) => this.clipboard.receive(text),
      onResize: () => this.onPicture(),
      onRequired: (names) => {
        // Each once, and no more than a form can have: guacd asks, but the machine may have made it.
        this.required.value = [...new Set(names)].slice(0, MAX_QUESTIONS);
      },
      onFilesystem: (filesystem, name) => files.offerFilesystem(filesystem, name),
      onFile: (stream, name) => {
        files.offerFile(stream, name);
        this.panel.value = 'files';
      },
      onCompany: (name, came) =>
        this.notes.tell(t(came ? 'viewer.joined' : 'viewer.left', { name: shownName(name) })),
      onFrame: (ms) => meter.frame(ms),
      onPing: (ms) => meter.ping(ms),
    });
    const files = new FileDesk({
      client: remote.client,
      transfers: this.transfers,
      save: (name) => this.#save('file', name),
    });
    this.files.value = files;
    this.phase.value = { kind: 'live', remote };
    this.onPicture();
  }

  #over(remote: Remote, ending: Ending): void {
    if (this.remote !== remote) return;
    const { received, sent } = remote.tunnel;
    const summary: Summary = { lasted: Date.now() - remote.startedAt, received, sent };
    this.#leave();
    this.phase.value = { kind: 'over', ending, summary };
    if (ending.kind === 'lost') this.comingBack.begin();
  }

  #leave(): void {
    this.remote?.leave();
    this.transfers.cancelAll();
    this.files.value = null;
    this.required.value = [];
    if (this.panel.peek() === 'files') this.panel.value = 'none';
  }

  async #save(what: 'file' | 'screenshot', name: string): Promise<SavePort | null> {
    const answer = await this.#client.call('viewer/save', { what, name: name.slice(0, 4096) });
    if (!answer.ok) {
      this.notes.complain(answer.failure);
      return null;
    }
    const { port } = answer.value;
    return port === null ? null : new SavePort(await this.#ports.take(port));
  }

  #measure(): void {
    const tunnel = this.remote?.tunnel;
    if (!this.measuring.peek() || tunnel === undefined) return;
    this.measures.value = this.#meter.read(performance.now(), tunnel.received, tunnel.sent);
    tunnel.ping();
  }

  #prefer({ theme, language }: Preferences): void {
    document.documentElement.dataset['theme'] = theme;
    const locale = language === 'system' ? systemLocale(navigator.languages) : language;
    document.documentElement.lang = locale;
    setLocale(locale);
  }
}

const Context = createContext<Viewer | null>(null);
export const ViewerProvider = Context.Provider;

export function useViewer(): Viewer {
  const viewer = useContext(Context);
  if (!viewer) throw new Error('There is no viewer around this part.');
  return viewer;
}
