import type { ControlClient } from '../../control/client.ts';
import { describeStatus } from '../../core/describe.ts';
import { SallyportError } from '../../core/errors.ts';
import type { OutpostStatus } from '../../core/status.ts';
import type { Command, CommandContext } from '../context.ts';
import type { Exit } from '../exit.ts';
import { styleOf, writeJson, writeLines } from '../io.ts';
import { Redraw } from '../redraw.ts';
import { statusView } from '../view/status.ts';

export interface StatusOptions {
  readonly json: boolean;
  readonly watch: boolean;
}

/** Ages on the screen move once a second. */
const TICK_MS = 1000;

export const statusCommand: Command<StatusOptions> = async (context, { json, watch }) => {
  const { io, style } = context;
  const client = await context.connect();
  if (watch) return follow(context, client, json);
  const status = await client.request('status', {});
  if (json) await writeJson(io.stdout, status);
  else await writeLines(io.stdout, statusView(style, status, io.now()));
  return exitFor(status, io.now());
};

/** Until Ctrl-C: a live screen on a terminal, else a line for each change of what matters (or of anything, as JSON). */
async function follow(context: CommandContext, client: ControlClient, json: boolean): Promise<Exit> {
  const { io } = context;
  const screen = io.stdout.isTTY && !json ? new Redraw(io.stdout) : null;
  let latest: OutpostStatus | undefined;
  let said = '';
  const show = () => {
    if (latest === undefined) return;
    const now = io.now();
    // Asked anew each time: the terminal may have been resized.
    if (screen) return screen.draw([...statusView(styleOf(io, io.stdout), latest, now), '', 'Ctrl-C ends.']);
    const { state, sentence } = describeStatus(latest, now);
    // Without its numbers: a countdown is no change.
    const news = json ? JSON.stringify(latest) : `${state} ${sentence.replace(/\d+ (s|min)\b/g, '')}`;
    if (news === said) return;
    said = news;
    io.stdout.write(json ? `${news}\n` : `${new Date(now).toISOString()} ${state}: ${sentence}\n`);
  };
  const endings: (() => void)[] = [];
  try {
    return await new Promise<Exit>((resolve, reject) => {
      endings.push(io.onInterrupt(() => resolve('ok')));
      endings.push(
        client.on('status/changed', (status) => {
          latest = status;
          show();
        }),
      );
      endings.push(client.onClose((violation) => reject(violation ?? wentAway())));
      const timer = setInterval(show, TICK_MS);
      endings.push(() => clearInterval(timer));
      client.request('status/subscribe', {}).then((status) => {
        latest ??= status;
        show();
      }, reject);
    });
  } finally {
    for (const end of endings) end();
    screen?.end();
  }
}

function exitFor(status: OutpostStatus, now: number): Exit {
  return describeStatus(status, now).state === 'online' ? 'ok' : 'notOnline';
}

function wentAway(): SallyportError {
  return new SallyportError('control-unreachable', 'The outpost has ended.', {
    advice: 'Start it again with `sallyport run`.',
  });
}
