import { computed, effect, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { CallParams, ConsoleClient, RequestName, Value } from '../../../preload/contract/console.ts';
import type { AppState, Preferences, Traffic } from '../../../preload/contract/types.ts';
import { failureLine } from '../../shared/i18n/core-words.ts';
import { setLocale, systemLocale } from '../../shared/i18n/translate.ts';
import type { ToastNote } from '../../shared/toast.tsx';
import { Doctor } from './doctor.ts';
import { LogLines } from './log-lines.ts';
import { Route } from './route.ts';
import { withSample } from './traffic.ts';
import { Unsaved } from './unsaved.ts';

/** How long good news stay, in ms. */
const GOOD_NEWS_MS = 5000;

/** Everything the pages show, kept fresh by the events of the main side. Nothing asks again and again. */
export class Model {
  readonly client: ConsoleClient;
  readonly app = signal<AppState | null>(null);
  readonly status = computed(() => this.app.value?.status ?? null);
  /** Which outpost answers; null while none does. What it knows is asked for again when another one is there. */
  readonly outpost = computed(() => {
    const outpost = this.app.value?.outpost;
    return outpost?.kind === 'own' || outpost?.kind === 'attached' ? `${outpost.kind} ${outpost.pid}` : null;
  });
  readonly preferences = signal<Preferences | null>(null);
  readonly traffic = signal<Traffic>({ everyMs: 5000, samples: [] });
  /** Ticks once a second while the window is seen: ages are counted here, not asked for. */
  readonly now = signal(Date.now());
  readonly notes = signal<readonly ToastNote[]>([]);
  readonly unsaved = new Unsaved();
  readonly route = new Route(this.unsaved);
  readonly log = new LogLines((flush) => {
    // Not a frame: a window that is not seen draws none, and the lines would pile up.
    setTimeout(flush, 50);
  });
  readonly doctor: Doctor;
  #nextNote = 0;

  constructor(client: ConsoleClient) {
    this.client = client;
    this.doctor = new Doctor(client);
    client.on('app/state', (state) => {
      this.app.value = state;
    });
    client.on('status', (status) => {
      const { value } = this.app;
      if (value) this.app.value = { ...value, status };
    });
    client.on('log/line', ({ line, missed }) => this.log.add(line, missed));
    client.on('traffic/sample', (sample) => {
      this.traffic.value = withSample(this.traffic.value, sample);
    });
    client.on('preferences', (preferences) => this.#prefer(preferences));
    client.on('page/open', ({ page }) => this.route.go(page === 'diagnostics' ? 'help' : page));
    client.on('page/leave', () => {
      const answer = (leave: boolean) => () => void client.call('page/left', { leave });
      this.unsaved.ask(answer(true), answer(false));
    });
  }

  /** Asks once for everything that events then keep fresh. */
  async begin(): Promise<void> {
    this.route.follow();
    this.#tick();
    let told = false;
    effect(() => {
      const unsaved = this.unsaved.isThere.value;
      if (unsaved !== told) void this.client.call('page/unsaved', { unsaved });
      told = unsaved;
    });
    const [preferences, app] = await Promise.all([
      this.client.call('preferences/get', {}),
      this.client.call('app/state', {}),
    ]);
    if (preferences.ok) this.#prefer(preferences.value);
    if (app.ok) this.app.value ??= app.value;
    effect(() => {
      if (this.outpost.value !== null) void this.#refresh();
    });
  }

  /** What only the outpost knows: asked for again when another outpost is there. */
  async #refresh(): Promise<void> {
    const [traffic, log] = await Promise.all([
      this.client.call('traffic', {}),
      this.client.call('log/recent', { limit: 1000 }),
    ]);
    if (traffic.ok) this.traffic.value = traffic.value;
    if (log.ok) this.log.addEarlier(log.value.lines);
  }

  /** Calls, and says what went wrong at the window's edge. Null where it did. */
  async act<N extends RequestName>(name: N, params: CallParams<N>, good?: string): Promise<Value<N> | null> {
    const answer = await this.client.call(name, params);
    if (!answer.ok) {
      this.complain(answer.failure);
      return null;
    }
    if (good !== undefined) this.tell(good);
    return answer.value;
  }

  /** Changes what belongs to the window side. */
  async prefer(change: CallParams<'preferences/set'>): Promise<void> {
    const preferences = await this.act('preferences/set', change);
    if (preferences) this.#prefer(preferences);
  }

  /** Resolves with whether it was copied. */
  readonly copy = async (text: string): Promise<boolean> =>
    (await this.act('clipboard/copy', { text })) !== null;

  tell(text: string): void {
    const id = this.#note({ tone: 'good', text });
    setTimeout(() => this.dismiss(id), GOOD_NEWS_MS);
  }

  complain(failure: Failure): void {
    this.#note({ tone: 'bad', ...failureLine(failure) });
  }

  dismiss(id: number): void {
    this.notes.value = this.notes.value.filter((note) => note.id !== id);
  }

  #note(note: Omit<ToastNote, 'id'>): number {
    const id = this.#nextNote++;
    const others = this.notes.value.filter(({ text }) => text !== note.text);
    this.notes.value = [...others, { ...note, id }].slice(-4);
    return id;
  }

  #prefer(preferences: Preferences): void {
    this.preferences.value = preferences;
    const { theme, language } = preferences;
    document.documentElement.dataset['theme'] = theme;
    const locale = language === 'system' ? systemLocale(navigator.languages) : language;
    document.documentElement.lang = locale;
    setLocale(locale);
  }

  #tick(): void {
    const tick = () => {
      if (document.visibilityState === 'visible') this.now.value = Date.now();
    };
    setInterval(tick, 1000);
    document.addEventListener('visibilitychange', tick);
  }
}

const Context = createContext<Model | null>(null);
export const ModelProvider = Context.Provider;

export function useModel(): Model {
  const model = useContext(Context);
  if (!model) throw new Error('There is no model around this page.');
  return model;
}
