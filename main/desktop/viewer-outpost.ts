import { openStream } from '../control/client.ts';
import type { OutpostHost } from './outpost-host.ts';
import type { DisplayWish, OpenDisplay, OpenedDisplay, ViewerTarget } from './viewer-display.ts';

/** A machine may take its time to let somebody in; the outpost itself gives up before. Milliseconds. */
const OPEN_MS = 60_000;

type OutpostAtHand = Pick<OutpostHost, 'control' | 'address'>;

/** Opens displays by the outpost that the app drives at that moment. */
export function outpostDisplay(host: () => OutpostAtHand): OpenDisplay {
  return async (target, wish): Promise<OpenedDisplay> => {
    const { control, address } = host();
    const { session, ticket } = await ask(control, target, wish);
    return { session, socket: await openStream(address, 'display', ticket) };
  };
}

function ask(
  control: OutpostAtHand['control'],
  target: ViewerTarget,
  { display, window, reason, login }: DisplayWish,
): Promise<{ readonly session: string; readonly ticket: string }> {
  const options = { timeoutMs: OPEN_MS };
  if (target.kind === 'watch')
    return control.request('session/watch', { id: target.session, display }, options);
  return control.request(
    'machines/open',
    {
      ...{ machine: target.id, display, window },
      ...(reason !== null && { reason }),
      ...(login !== null && { login }),
    },
    options,
  );
}
