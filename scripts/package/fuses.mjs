// The switches of the packaged runtime. Why each is as it is: docs/decisions/0013-fuses-and-the-service.md.
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/**
 * What each switch should be, by its place in the runtime's row of them.
 * @param {string} platform - As `process.platform` of the machine that the package is for.
 * @returns {Record<number, boolean>}
 */
export function wantedFuses(platform) {
  return {
    // Windows has no Node of its own for the service and the command; elsewhere they use the system's.
    [FuseV1Options.RunAsNode]: platform === 'win32',
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  };
}

/**
 * Sets every switch that this runtime has.
 * @returns {Promise<string[]>} Names of those that it has not, for it is too old.
 */
export async function setFuses(executable, platform) {
  const { version, ...wire } = await getCurrentFuseWire(executable);
  if (version !== FuseVersion.V1)
    throw new Error(`The runtime has switches of an unknown kind (${version}).`);
  const wanted = Object.entries(wantedFuses(platform));
  const there = wanted.filter(([place]) => Object.hasOwn(wire, place));
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Its makers sign it anew, with a key where there is one.
    resetAdHocDarwinSignature: platform === 'darwin',
    ...Object.fromEntries(there),
  });
  return wanted.filter(([place]) => !Object.hasOwn(wire, place)).map(([place]) => FuseV1Options[place]);
}
