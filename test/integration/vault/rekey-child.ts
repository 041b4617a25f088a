import fs from 'node:fs/promises';
import { Secret } from '../../../main/core/base/secret.ts';
import { Vault } from '../../../main/core/offline/vault/vault.ts';

/*
 * A process that gives a vault a passphrase in place of its key file, and is killed before the nth thing it does to the disk. Bundled by its
 * test as CommonJS: there the functions below are looked up when they are called, and can be stood in for.
 */

const [folder = '', next = '', killAt = ''] = process.argv.slice(2);
let done = Number.NEGATIVE_INFINITY;

/** What changes the disk or opens it. */
const counted = ['open', 'rename', 'link', 'unlink', 'mkdir'] as const;
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

void (async () => {
  const vault = await Vault.open(folder, { minutes: () => 1 });
  done = 0;
  await vault.change({ kind: 'key-file' }, { kind: 'passphrase', passphrase: new Secret(next) });
})();
