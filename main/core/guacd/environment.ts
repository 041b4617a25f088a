/** What guacd and the libraries it loads may see of the outpost's environment; tokens and proxies are not among it. */
const PASSED = [
  'PATH',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'SYSTEMROOT',
] as const;

/** Names the outpost that a guacd belongs to; how the next start recognises what a killed one left. */
export const OWNER_VARIABLE = 'SALLYPORT_GUACD_OWNER';

/**
 * The environment that guacd is started with. `home` is a folder of its own: FreeRDP keeps the certificates that it
 * has seen there. `owner` tells whose guacd it is.
 */
export function guacdEnvironment(
  environment: NodeJS.ProcessEnv,
  home: string,
  owner: string,
): NodeJS.ProcessEnv {
  const result: NodeJS.ProcessEnv = { HOME: home, [OWNER_VARIABLE]: owner };
  for (const name of PASSED) {
    const value = environment[name];
    if (value !== undefined) result[name] = value;
  }
  // guacd's terminal draws what is not ASCII only in a UTF-8 locale; services often run in none.
  const locale = result['LC_ALL'] ?? result['LC_CTYPE'] ?? result['LANG'] ?? '';
  if (!/utf-?8/i.test(locale)) {
    delete result['LC_ALL'];
    result['LC_CTYPE'] = 'C.UTF-8';
  }
  return result;
}
