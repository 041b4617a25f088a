import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Compiled into pam_wrapper: it takes the first that is free of `/tmp/pam.X`. */
const PAM_TEMPORARIES = '/tmp';
const PAM_FOLDER = /^pam\../;

/** What pam_wrapper made for each process of the sshd in `dir`; it removes it only where the process ends by itself. */
export async function pamFolders(dir: string): Promise<string[]> {
  const names = await readdir(PAM_TEMPORARIES).catch(() => []);
  const folders = names.filter((name) => PAM_FOLDER.test(name)).map((name) => join(PAM_TEMPORARIES, name));
  const found = await Promise.all(
    folders.map(async (folder) => {
      // Our own service file, copied: it names the accounts of its machine.
      const service = await readFile(join(folder, 'sshd'), 'utf8').catch(() => '');
      return service.includes(`passdb=${dir}/`) ? [folder] : [];
    }),
  );
  return found.flat();
}

export async function removePamFolders(dir: string): Promise<void> {
  for (const folder of await pamFolders(dir)) await rm(folder, { recursive: true, force: true });
}
