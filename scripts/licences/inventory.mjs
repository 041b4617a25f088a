// What ships with Sallyport, and under which licences: read from the lock file. Pure.

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} version
 * @property {string} licence - An SPDX expression; empty where the package names none.
 * @property {boolean} optional - Installed on some systems only.
 *
 * @typedef {Record<string, { version?: string, license?: string, dev?: boolean, devOptional?: boolean, optional?: boolean, hasInstallScript?: boolean, optionalDependencies?: Record<string, string> }>} Packages
 */

/** Licences that ask for nothing but their notice, and of which any user of Sallyport can live with each. */
export const PERMITTED = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
];

/**
 * Every package that is not for development alone, those of other packages included. `devOptional` ones are left
 * out: another package only says which version of them it gets along with. So are the parts of theirs that npm chooses by
 * system, which the lock file does not mark.
 * @param {{ packages: Packages }} lock - `package-lock.json`.
 * @returns {Entry[]} By name and version.
 */
export function shipped({ packages }) {
  const parts = Object.values(packages)
    .filter(({ devOptional }) => devOptional)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .filter(([path]) => !parts.includes(nameOf(path)))
    .map(([path, { version = '', license = '', optional = false }]) => ({
      name: nameOf(path),
      version,
      licence: spdx(license),
      optional,
    }))
    .sort(byName);
}

/**
 * Packages that would run a program of their own when they are installed.
 * @param {{ packages: Packages }} lock
 */
export function withInstallScripts({ packages }) {
  return Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path, { version = '', dev = false }]) => ({ name: nameOf(path), version, dev }))
    .sort(byName);
}

/** Whether one may choose to take the package under a permitted licence. */
export function isPermitted(licence) {
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => PERMITTED.includes(name)));
}

/** The table of `docs/licences.md`, its columns aligned as the formatter wants them. @param {readonly Entry[]} entries */
export function tableOf(entries) {
  const cells = [
    ['Package', 'Version', 'Licence', 'Installed'],
    ...entries.map(({ name, version, licence, optional }) => [
      name,
      version,
      licence,
      optional ? 'on macOS or Windows' : 'always',
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...rows] = cells.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...rows].join('\n');
}

/** `page` with everything between the two marks replaced. */
export function withTable(page, table) {
  const [before, rest] = split(page, '<!-- packages -->\n');
  const [, after] = split(rest, '<!-- end -->');
  return `${before}<!-- packages -->\n\n${table}\n\n<!-- end -->${after}`;
}

/** Where npm has put a package tells its name: what follows the last `node_modules/`. */
function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Some packages write a licence's name their own way. */
function spdx(licence) {
  return licence.replace(/^\((.*)\)$/, '$1').replace(/^Apache 2\.0$/, 'Apache-2.0');
}

function byName(one, other) {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : one.version < other.version ? -1 : 1;
}

function split(text, mark) {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`The page has no ${mark.trim()}.`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
