import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../shared/i18n/translate.ts';
import { useViewer } from '../model/viewer.ts';
import { SessionKeyboard } from '../session/keyboard.ts';
import { scaleFor } from '../session/scaling.ts';

/** A window that is being drawn larger changes its size many times. Milliseconds. */
const RESIZE_PAUSE_MS = 200;

/** The machine's picture, and the field that its keys are typed into. */
export function Screen({ onEscape }: { readonly onEscape: () => void }) {
  const viewer = useViewer();
  const { phase, scale, about, watching, panel, required, drawn } = viewer;
  const place = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { value } = phase;
  const remote = value.kind === 'live' ? value.remote : null;
  const mode = scale.value;

  // Before the session is opened: the machine is asked for this size at once.
  useLayoutEffect(() => {
    const { current: room } = place;
    if (room) viewer.fits({ width: room.clientWidth, height: room.clientHeight });
  }, []);

  useEffect(() => {
    const { current: room } = place;
    if (!room) return;
    const draw = () => {
      const display = viewer.remote?.display;
      const size = { width: room.clientWidth, height: room.clientHeight };
      display?.scale(
        scaleFor(mode, size, { width: display.getWidth(), height: display.getHeight() }, devicePixelRatio),
      );
    };
    viewer.onPicture = draw;
    draw();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const sized = () => {
      draw();
      clearTimeout(timer);
      timer = setTimeout(
        () => viewer.fits({ width: room.clientWidth, height: room.clientHeight }),
        RESIZE_PAUSE_MS,
      );
    };
    const observer = new ResizeObserver(sized);
    observer.observe(room);
    // Moved to a screen of another density.
    const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    density.addEventListener('change', sized);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      density.removeEventListener('change', sized);
    };
  }, [mode, remote]);

  useEffect(() => {
    if (remote === null) return;
    // Guacamole makes the elements of a picture itself.
    picture.current?.replaceChildren(remote.display.getElement());
  }, [remote]);

  useEffect(() => {
    const { current: typed } = field;
    if (!typed || remote === null || watching.value) return;
    const keyboard = new SessionKeyboard({
      field: typed,
      key: (pressed, keysym) => remote.key(pressed, keysym),
      onEscape,
    });
    return () => keyboard.end();
  }, [remote, watching.value]);

  useEffect(() => {
    const { current: room } = place;
    const focus = (event: MouseEvent) => {
      if (event.target === field.current) return;
      // The picture is no control: the keys' field gets the focus for it.
      event.preventDefault();
      field.current?.focus();
    };
    const nothing = (event: Event) => event.preventDefault();
    room?.addEventListener('mousedown', focus);
    room?.addEventListener('contextmenu', nothing);
    return () => {
      room?.removeEventListener('mousedown', focus);
      room?.removeEventListener('contextmenu', nothing);
    };
  }, []);

  const free = drawn.value && panel.value === 'none' && required.value.length === 0;
  useEffect(() => {
    if (free) field.current?.focus();
  }, [free, remote]);

  const machine = about.value?.machine ?? '';
  return (
    <div
      ref={place}
      class={mode === 'exact' ? 'screen exact' : 'screen'}
      data-live={remote !== null && drawn.value}
      data-watched={watching.value}
    >
      <div ref={picture} class="picture" aria-hidden="true" />
      <textarea
        ref={field}
        class="keys-field"
        aria-label={t(watching.value ? 'viewer.screen-watched' : 'viewer.screen', { machine })}
        autocomplete="off"
        spellcheck={false}
        readOnly={watching.value}
        disabled={remote === null}
      />
    </div>
  );
}
