import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MARKER } from './leftovers.ts';

export interface PracticeShell {
  /** The folder it starts in, and its `HOME`. */
  readonly home: string;
  /** A script that becomes the shell; runs what `SSH_ORIGINAL_COMMAND` says instead where that is set. */
  readonly script: string;
}

/**
 * Writes a shell that knows nothing of the person's own: a small environment, no start-up files, its own `HOME`,
 * so that trying the app leaves nothing in anybody's home folder or history.
 */
export async function writeShell(dir: string, prompt: string): Promise<PracticeShell> {
  const home = join(dir, 'home');
  const script = join(dir, 'shell.sh');
  await mkdir(home, { mode: 0o700 });
  await writeFile(
    script,
    [
      '#!/bin/sh',
      `cd ${quoted(home)} || exit 1`,
      'shell="/bin/sh -i"',
      '[ -x /bin/bash ] && shell="/bin/bash --noprofile --norc -i"',
      '[ -n "$SSH_ORIGINAL_COMMAND" ] && shell="/bin/sh -c" && set -- "$SSH_ORIGINAL_COMMAND"',
      'exec env -i \\',
      `  HOME=${quoted(home)} PWD=${quoted(home)} ${MARKER}=${quoted(dir)} PS1=${quoted(`${prompt}:\\w$ `)} \\`,
      '  PATH="$PATH" TERM="$TERM" DISPLAY="$DISPLAY" XAUTHORITY="$XAUTHORITY" LANG=C.UTF-8 HISTFILE= \\',
      '  $shell "$@"',
      '',
    ].join('\n'),
  );
  await chmod(script, 0o700);
  return { home, script };
}

/** `text` as one word of a shell script. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
