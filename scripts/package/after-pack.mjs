// Called by electron-builder when the app lies in its folder, before it is signed.
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFuses } from './fuses.mjs';

export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  const executable = {
    darwin: () => join(appOutDir, `${productFilename}.app`),
    win32: () => join(appOutDir, `${productFilename}.exe`),
    linux: () => join(appOutDir, packager.executableName),
  }[electronPlatformName]();
  const missing = await setFuses(executable, electronPlatformName);
  if (missing.length > 0) console.log(`package: this runtime is too old for ${missing.join(', ')}.`);
  if (electronPlatformName !== 'linux') return;
  // Of the AppImage that setup's runtime may come from; it points nowhere.
  rmSync(join(appOutDir, '.DirIcon'), { force: true });
  chmodSync(join(appOutDir, 'resources', 'cli', 'sallyport.cjs'), 0o755);
}
