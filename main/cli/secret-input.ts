import { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';
import { type Input, type Io, readAll } from './io.ts';

const MAX_BYTES = 16 * 1024;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';

/**
 * A secret from a terminal, without showing it, or the whole of standard input where that is a pipe or a file.
 * Blanks around it are taken off. Rejects with `request-invalid` (nothing came, too long) or `aborted` (Ctrl-C).
 */
export async function readSecret({ stdin, stderr }: Io, prompt: string): Promise<Secret> {
  const interactive = stdin.isTTY === true && stdin.setRawMode !== undefined;
  if (interactive) stderr.write(prompt);
  let text: string;
  try {
    text = interactive ? await readHidden(stdin) : await readAll(stdin, MAX_BYTES, tooLong);
  } finally {
    // Whatever is said next begins on a line of its own.
    if (interactive) stderr.write('\n');
  }
  const secret = text.trim();
  if (secret === '')
    throw new SallyportError('request-invalid', 'Nothing was given.', {
      advice: 'Paste it when asked, or send it on standard input.',
    });
  return new Secret(secret);
}

/**
 * Several secrets, one for each prompt: typed one after the other without showing them, or one line each of standard
 * input. Blanks belong to them. Rejects as `readSecret` does, and where there are fewer lines, or more.
 */
export async function readSecrets({ stdin, stderr }: Io, prompts: readonly string[]): Promise<Secret[]> {
  const secrets: string[] = [];
  if (stdin.isTTY === true && stdin.setRawMode !== undefined)
    for (const prompt of prompts) {
      stderr.write(prompt);
      secrets.push(await readHidden(stdin).finally(() => stderr.write('\n')));
    }
  else secrets.push(...(await readAll(stdin, MAX_BYTES, tooLong)).replace(/\r?\n$/, '').split(/\r?\n/));
  if (secrets.length !== prompts.length || secrets.includes(''))
    throw new SallyportError('request-invalid', 'What was asked for was not given.', {
      advice: `Type it when asked, or send ${prompts.length === 1 ? 'one line' : `${prompts.length} lines`} on standard input.`,
    });
  return secrets.map((secret) => new Secret(secret));
}

/** A line, key by key, with the few keys that a person expects to work. */
function readHidden(stdin: Input): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (settle: () => void) => {
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      stdin.setRawMode?.(false);
      stdin.pause();
      settle();
    };
    const onEnd = () => finish(() => resolve(text));
    const onData = (chunk: Buffer | string) => {
      for (const key of chunk.toString()) {
        if (key === CTRL_C)
          return finish(() => reject(new SallyportError('aborted', 'Nothing was changed.')));
        if (key === '\r' || key === '\n' || key === CTRL_D) return onEnd();
        if (key === '\u007f' || key === '\b') text = [...text].slice(0, -1).join('');
        else if (key === CTRL_U) text = '';
        else text += key;
      }
      if (Buffer.byteLength(text) > MAX_BYTES) finish(() => reject(tooLong()));
    };
    stdin.setRawMode?.(true);
    stdin.on('data', onData);
    stdin.once('end', onEnd);
    stdin.resume();
  });
}

function tooLong(): SallyportError {
  return new SallyportError(
    'request-invalid',
    `That is more than ${MAX_BYTES / 1024} KiB, which is too long for a token or a passphrase.`,
  );
}
