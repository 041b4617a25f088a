import { SallyportError } from '../../core/errors.ts';
import { healthOf } from '../../core/health.ts';
import type { Command, CommandContext } from '../context.ts';
import type { Exit } from '../exit.ts';
import { writeLines } from '../io.ts';
import { marked } from '../view/failure.ts';
import { outcomeSign } from '../view/symbols.ts';

/** Checks are made every few seconds and given up by whoever makes them: an outpost this slow is not well. */
const ANSWER_MS = 5_000;

/** Well or not, and nothing between: those who run containers know two exit codes and one stream. */
export const healthCommand: Command<object> = async (context) => {
  try {
    const client = await context.connect();
    const status = await client.request('status', {}, { timeoutMs: ANSWER_MS });
    const { healthy, sentence, advice } = healthOf(status, context.io.now());
    return await say(context, healthy, `${sentence}.`, healthy ? null : advice);
  } catch (error) {
    const { message, advice } = SallyportError.from(error);
    return await say(context, false, message, advice ?? null);
  }
};

async function say(
  { io, style }: CommandContext,
  healthy: boolean,
  sentence: string,
  advice: string | null,
): Promise<Exit> {
  const sign = outcomeSign(style, healthy ? 'passed' : 'failed');
  await writeLines(io.stdout, marked(style, sign, sentence, advice));
  return healthy ? 'ok' : 'failed';
}
