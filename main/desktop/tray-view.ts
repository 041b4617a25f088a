import type { OutpostLink } from '../../preload/contract/types.ts';
import { describeStatus, type OverallState } from '../core/describe.ts';
import { countSessions } from '../core/describe-session.ts';
import type { OutpostStatus, SessionStatus } from '../core/status.ts';
import type { MenuMachines } from './machine-menu.ts';
import type { Words } from './words/words.ts';

/** What a person can ask for by the tray. */
export type TrayAction =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'end'; readonly id: string }
  | { readonly kind: 'watch'; readonly id: string }
  | { readonly kind: 'connect'; readonly machine: string; readonly name: string }
  | { readonly kind: 'open-console' }
  | { readonly kind: 'copy-status' }
  | { readonly kind: 'save-diagnostics' }
  | { readonly kind: 'open-log-folder' }
  | { readonly kind: 'stop-practice' }
  | { readonly kind: 'start-at-login'; readonly on: boolean }
  | { readonly kind: 'about' }
  | { readonly kind: 'quit' };

export type TrayItem =
  | { readonly kind: 'line' }
  /** Cannot be clicked: it tells something. */
  | { readonly kind: 'label'; readonly label: string }
  | {
      readonly kind: 'action';
      readonly label: string;
      readonly action: TrayAction;
      readonly enabled: boolean;
    }
  | { readonly kind: 'check'; readonly label: string; readonly checked: boolean; readonly action: TrayAction }
  | { readonly kind: 'menu'; readonly label: string; readonly items: readonly TrayItem[] };

export interface TrayView {
  /** One shape each; see `resources/tray`. */
  readonly icon: OverallState;
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

export interface TrayScene {
  readonly outpost: OutpostLink;
  readonly status: OutpostStatus | null;
  readonly practice: boolean;
  /** Of the address book. */
  readonly machines: MenuMachines;
  readonly startAtLogin: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Sessions in the menu; with more, it would not fit a screen. */
export const MAX_SESSIONS = 20;
/** Some desktops cut a longer one off in the middle of a word. */
const MAX_LABEL = 120;
/** Countdowns move in such steps: a menu that changes every second cannot be used. Milliseconds. */
const COUNTDOWN_STEP_MS = 5_000;

/** The tray for what is known now: nothing but a function of its arguments. */
export function trayView(scene: TrayScene, words: Words): TrayView {
  const { icon, sentence } = trayState(scene, words);
  return {
    icon,
    tooltip: shortened(`Sallyport · ${sentence}`),
    items: [
      { kind: 'label', label: shortened(sentence) },
      { kind: 'line' },
      ...driving(scene, words),
      sessionsItem(scene, words),
      ...machinesItem(scene, words),
      { kind: 'line' },
      action(words.menu.openConsole, { kind: 'open-console' }),
      ...(scene.practice ? [action(words.menu.stopPractice, { kind: 'stop-practice' })] : []),
      {
        kind: 'menu',
        label: words.menu.troubleshoot,
        items: [
          action(words.menu.copyStatus, { kind: 'copy-status' }),
          action(words.menu.saveDiagnostics, { kind: 'save-diagnostics' }),
          action(words.menu.openLogFolder, { kind: 'open-log-folder' }),
        ],
      },
      { kind: 'line' },
      {
        kind: 'check',
        label: words.menu.startAtLogin,
        checked: scene.startAtLogin,
        action: { kind: 'start-at-login', on: !scene.startAtLogin },
      },
      action(words.menu.about, { kind: 'about' }),
      action(words.menu.quit(endsAtQuit(scene.outpost), openSessions(scene)), { kind: 'quit' }),
    ],
  };
}

/** Icon and sentence, of which the tooltip is made. */
export function trayState(
  { outpost, status, now }: Pick<TrayScene, 'outpost' | 'status' | 'now'>,
  words: Words,
): { readonly icon: OverallState; readonly sentence: string } {
  switch (outpost.kind) {
    case 'starting':
      return { icon: 'connecting', sentence: words.outpostStarting };
    case 'locked':
      return { icon: 'failed', sentence: words.outpostLocked };
    case 'ended': {
      const { failure, retryAt } = outpost;
      const wait = retryAt === null ? null : upToStep(retryAt - now);
      return { icon: 'failed', sentence: words.outpostEnded(words.failure(failure), wait) };
    }
    case 'attached':
    case 'own': {
      if (status === null) return { icon: 'connecting', sentence: words.outpostUnreadable };
      const moment = steadyMoment(status, now);
      return { icon: describeStatus(status, moment).state, sentence: words.status(status, moment) };
    }
    default:
      return outpost satisfies never;
  }
}

/** Milliseconds until the view would change by time alone; null where it does not. */
export function nextChange({
  outpost,
  status,
  now,
}: Pick<TrayScene, 'outpost' | 'status' | 'now'>): number | null {
  const retryAt =
    outpost.kind === 'ended'
      ? outpost.retryAt
      : status?.phase === 'running' && status.link.kind === 'waiting'
        ? status.link.retryAt
        : null;
  if (retryAt !== null && retryAt > now) return (retryAt - now) % COUNTDOWN_STEP_MS || COUNTDOWN_STEP_MS;
  // Ages of sessions, in whole minutes.
  return status !== null && status.sessions.length > 0 ? 60_000 : null;
}

/** Whether quitting ends the outpost: a service that the app has only attached to goes on. */
export function endsAtQuit(outpost: OutpostLink): boolean {
  return outpost.kind !== 'attached';
}

function driving({ outpost, status }: TrayScene, words: Words): TrayItem[] {
  const { start, stop, drain, retry } = words.menu;
  if (status === null || (outpost.kind !== 'attached' && outpost.kind !== 'own'))
    return [
      action(start, { kind: 'start' }, false),
      ...(outpost.kind === 'ended' ? [action(retry, { kind: 'retry' })] : []),
    ];
  const { phase, link, sessions } = status;
  const waits = phase === 'running' && (link.kind === 'waiting' || link.kind === 'rejected');
  switch (phase) {
    case 'stopped':
      return [action(start, { kind: 'start' })];
    case 'running':
      return [
        ...(waits ? [action(retry, { kind: 'retry' })] : []),
        action(stop, { kind: 'stop' }),
        ...(sessions.length > 0 ? [action(drain, { kind: 'drain' })] : []),
      ];
    case 'draining':
      return [action(stop, { kind: 'stop' })];
    case 'stopping':
      return [action(stop, { kind: 'stop' }, false)];
    default:
      return phase satisfies never;
  }
}

function sessionsItem({ status, now }: TrayScene, words: Words): TrayItem {
  const sessions = status?.sessions ?? [];
  if (sessions.length === 0) return { kind: 'label', label: words.menu.noSessions };
  const shown = sessions.slice(0, MAX_SESSIONS).map((session) => sessionItem(session, now, words));
  const left = sessions.length - shown.length;
  return {
    kind: 'menu',
    label: words.menu.sessions(sessions.length),
    items: [...shown, ...(left > 0 ? [action(words.menu.moreSessions(left), { kind: 'open-console' })] : [])],
  };
}

function sessionItem(
  { id, user, machine, protocol, startedAt, state, source }: SessionStatus,
  now: number,
  words: Words,
): TrayItem {
  return {
    kind: 'menu',
    label: shortened(
      words.menu.session(user, machine, protocol, Math.max(0, now - startedAt)) +
        (state === 'held' ? ` · ${words.menu.held}` : '') +
        (source === 'watch' ? ` · ${words.menu.watching}` : ''),
    ),
    // Asked in the menu itself: a dialog without a window gets lost behind others.
    items: [
      ...(source === 'watch'
        ? []
        : [action(words.menu.watchSession, { kind: 'watch', id }, state === 'live')]),
      { kind: 'label', label: words.menu.endWarning },
      action(words.menu.endSession, { kind: 'end', id }, state !== 'ending'),
    ],
  };
}

/** Nothing where the address book is empty: most jump hosts have none. */
function machinesItem({ machines: { machines, total } }: TrayScene, words: Words): TrayItem[] {
  if (machines.length === 0) return [];
  const left = total - machines.length;
  return [
    {
      kind: 'menu',
      label: words.menu.connect,
      items: [
        ...machines.map(({ id, name, protocol }) =>
          action(shortened(`${name} · ${protocol.toUpperCase()}`), { kind: 'connect', machine: id, name }),
        ),
        ...(left > 0 ? [action(words.menu.moreMachines(left), { kind: 'open-console' })] : []),
      ],
    },
  ];
}

/** The moment at which a countdown stands at a whole step: the sentence moves in these. */
function steadyMoment({ phase, link }: OutpostStatus, now: number): number {
  if (phase !== 'running' || link.kind !== 'waiting') return now;
  return link.retryAt - upToStep(link.retryAt - now);
}

function upToStep(ms: number): number {
  return Math.max(0, Math.ceil(ms / COUNTDOWN_STEP_MS) * COUNTDOWN_STEP_MS);
}

function openSessions({ status }: TrayScene): number {
  return countSessions(status?.sessions ?? []);
}

function action(label: string, what: TrayAction, enabled = true): TrayItem {
  return { kind: 'action', label, action: what, enabled };
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_LABEL ? text : `${characters.slice(0, MAX_LABEL - 1).join('')}…`;
}
