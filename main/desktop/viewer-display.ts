import type { Socket } from 'node:net';
import type { ViewerDisplay, ViewerLogin } from '../../preload/contract/viewer.ts';

/** What a window is for. */
export type ViewerTarget =
  /** A machine of the address book; `reason` where this host asks for one. */
  | { readonly kind: 'machine'; readonly id: string; readonly name: string; readonly reason: string | null }
  /** A running session of somebody else. */
  | { readonly kind: 'watch'; readonly session: string };

/** A session that was opened for a window. */
export interface OpenedDisplay {
  /** The session's id. */
  readonly session: string;
  /** Its stream, paused. */
  readonly socket: Socket;
}

/** How a window wants its session. */
export interface DisplayWish {
  readonly display: ViewerDisplay;
  /** The same for as long as the window lives. */
  readonly window: string;
  /** What it is for, where this host asks for that. */
  readonly reason: string | null;
  /** In place of what is kept for the machine. */
  readonly login: ViewerLogin | null;
}

/** Opens a session for a window, or joins the one that is held for it. Rejects with what the outpost says. */
export type OpenDisplay = (target: ViewerTarget, wish: DisplayWish) => Promise<OpenedDisplay>;
