import { createClipboardPanel } from './clipboard-panel.ts';
import { button, element, icon, setText } from './element.ts';
import { createFilesPanel } from './files-panel.ts';
import { BACK } from './icons.ts';
import { takeKeyboard, takePointer } from './input.ts';
import type { View } from './list-view.ts';
import { createOverlay } from './overlay.ts';
import { createToken } from './practice-api.ts';
import { Remote, type Room } from './remote.ts';
import { LIST_LINK } from './route.ts';
import type { Known } from './watch.ts';
import { presenceOf, presenceWords } from './words.ts';

const RESIZE_PAUSE_MS = 200;

export interface SessionView extends View {
  /** Leaves the session and takes no more part in anything. */
  end(): void;
}

/** A machine's screen, from the first word to the last. `look` has practice asked at once how it stands. */
export function createSessionView(machine: string, look: () => void): SessionView {
  let remote: Remote | null = null;
  let phase: 'waiting' | 'connecting' | 'live' | 'over' = 'waiting';
  let gone = false;
  let known: Known = { state: null, reachable: true };

  const status = element('span', { class: 'quiet', role: 'status' });
  const back = element('a', { class: 'button', href: LIST_LINK }, icon(BACK), 'Machines');
  const place = element('div', {
    class: 'screen',
    tabindex: '0',
    role: 'application',
    'aria-label': `Screen of ${machine}`,
    'aria-describedby': 'way-out',
  });
  const wayOut = element('span', { id: 'way-out', class: 'way-out' }, 'Ctrl+Alt+Shift leaves the screen');
  const overlay = createOverlay(() => {
    // What ended the session may have been the outpost, and the last look is a moment old.
    known = { state: null, reachable: true };
    begin();
    look();
  });
  const clipboard = createClipboardPanel((text) => remote?.copy(text));
  const files = createFilesPanel();
  const full = button('Full screen', () => void toggleFullScreen(root));
  const root = element(
    'main',
    { class: 'session' },
    element(
      'header',
      { class: 'bar' },
      back,
      element('h1', {}, machine),
      status,
      wayOut,
      files.toggle,
      clipboard.toggle,
      full,
    ),
    files.root,
    clipboard.root,
    element('div', { class: 'stage' }, place, overlay.root),
  );

  const tokenKey = `token of ${machine}`;
  const room = (): Room => ({ width: place.clientWidth, height: place.clientHeight });

  const over = (title: string, sentence: string) => {
    phase = 'over';
    remote = null;
    setText(status, 'ended');
    clipboard.close();
    files.close();
    overlay.over(title, sentence);
  };

  const connect = async () => {
    phase = 'connecting';
    setText(status, 'connecting');
    overlay.wait('Connecting', `The outpost connects this page to ${machine}.`);
    place.replaceChildren();
    try {
      // A page that is reloaded is the same person at the same machine: the outpost goes on with the session.
      const token = await createToken(machine, sessionStorage.getItem(tokenKey));
      sessionStorage.setItem(tokenKey, token);
      if (!gone) open(token);
    } catch (error) {
      if (!gone) over('The session could not begin', error instanceof Error ? error.message : String(error));
    }
  };

  const open = (token: string) => {
    const made: Remote = new Remote(token, room(), {
      onLive() {
        phase = 'live';
        setText(status, 'connected');
        overlay.hide();
        place.focus();
        void clipboard.offer();
        if (hasFiles(known, machine)) files.offer(token);
      },
      onUnstable: (unstable) => {
        if (phase === 'live') setText(status, unstable ? 'nothing comes at the moment' : 'connected');
      },
      onEnd: ({ title, sentence }) => over(title, sentence),
      onClipboard: (text) => clipboard.receive(text),
      onResize: () => made.fit(room()),
    });
    remote = made;
    place.replaceChildren(made.display.getElement());
    takePointer(made);
  };

  takeKeyboard(
    place,
    () => remote,
    () => back.focus(),
  );
  place.addEventListener('mousedown', () => place.focus());
  const offer = () => void (phase === 'live' && clipboard.offer());
  window.addEventListener('focus', offer);

  let timer: number | undefined;
  const observer = new ResizeObserver(() => {
    remote?.fit(room());
    window.clearTimeout(timer);
    timer = window.setTimeout(() => remote?.resize(room()), RESIZE_PAUSE_MS);
  });
  observer.observe(place);

  /** Connects now, or says what it waits for. */
  const begin = () => {
    phase = 'waiting';
    const { state, reachable } = known;
    const presence = presenceOf(state, reachable);
    if (presence === 'online') void connect();
    else {
      setText(status, 'waiting');
      overlay.wait(presenceWords(presence), 'The session begins by itself as soon as an outpost is online.');
    }
  };

  return {
    root,
    update(now) {
      known = now;
      if (phase === 'waiting') begin();
    },
    end() {
      gone = true;
      // Left by going back: whoever opens the machine again opens it anew.
      sessionStorage.removeItem(tokenKey);
      window.removeEventListener('focus', offer);
      window.clearTimeout(timer);
      observer.disconnect();
      files.close();
      remote?.leave();
      if (document.fullscreenElement) void document.exitFullscreen();
    },
  };
}

/** Only newest authentik has a file browser, and only RDP has a drive. */
function hasFiles({ state }: Known, machine: string): boolean {
  if (state?.generation !== 'newest') return false;
  return state.machines.some(({ name, protocol }) => name === machine && protocol === 'rdp');
}

async function toggleFullScreen(root: HTMLElement): Promise<void> {
  // Where a browser does not let it, the page stays as it is.
  await (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(
    () => undefined,
  );
}
