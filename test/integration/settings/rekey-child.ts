import fs from 'node:fs/promises';
import { HandedInKey } from '../../../main/core/settings/handed-in-key.ts';
import { TokenStore } from '../../../main/core/settings/vault.ts';

/*
 * A process that changes the key and is killed before the nth thing it does to the disk. Bundled by its test as
 * CommonJS: there the functions below are looked up when they are called, and can be stood in for.
 */

const [directory = '', keyNow = '', keyNext = '', killAt = ''] = process.argv.slice(2);
let done = 0;

/** What changes the disk or opens it. */
const counted = ['open', 'rename', 'link', 'unlink'] as const;
for (const name of counted) {
  const real: (...args: never[]) => unknown = fs[name];
  Object.assign(fs, {
    [name]: (...args: never[]) => {
      done += 1;
      if (done > Number(killAt)) process.kill(process.pid, 'SIGKILL');
      return real(...args);
    },
  });
}

const keyOf = (text: string) => (text === '' ? null : Buffer.from(text, 'base64'));
void new TokenStore(directory, { handedIn: new HandedInKey(keyOf(keyNow)) }).rekey(keyOf(keyNext));
