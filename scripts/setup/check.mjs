// `npm run setup -- --check`: what is there, what is missing, how to get it.
import process from 'node:process';
import { findElectron } from './electron.mjs';
import { needsElectron, needsOf } from './needs.mjs';
import { npmPackagesInstalled } from './npm.mjs';
import { run } from './system.mjs';

/**
 * @typedef {object} Finding
 * @property {string} name
 * @property {boolean} found
 * @property {string} version - Empty where it says none.
 * @property {string} note - What it is for, or how to get it.
 */

/** @returns {Promise<Finding[]>} Everything that a command needs, whether it is there or not. */
export async function findings(group) {
  const npm = npmPackagesInstalled();
  const list = [
    { name: 'Node', found: true, version: process.versions.node, note: 'runs everything' },
    {
      name: 'npm packages',
      found: npm,
      version: '',
      note: npm ? 'as in the lock file' : 'npm ci --ignore-scripts',
    },
    ...(await Promise.all(needsOf(group).map(look))),
  ];
  if (needsElectron(group)) {
    const electron = findElectron();
    list.push({
      name: 'Electron',
      found: electron !== undefined,
      version: electron === undefined ? '' : await electronVersion(electron),
      note: electron === undefined ? 'npm run setup' : 'the desktop app runs in it',
    });
  }
  return list;
}

/** The findings as a table for a terminal. */
export function table(list) {
  const rows = list.map(({ name, found, version, note }) => [
    found ? 'found' : 'MISSING',
    name,
    version,
    note,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function look({ name, package: fromPackage, purpose, find, versionArgs }) {
  const path = find();
  if (path === undefined) {
    return { name, found: false, version: '', note: `apt-get install ${fromPackage} (${purpose})` };
  }
  const version =
    versionArgs === undefined ? '' : versionIn((await run(path, versionArgs, { timeoutMs: 10_000 })).output);
  return { name, found: true, version, note: purpose };
}

async function electronVersion(path) {
  const words = 'const { electron, node } = process.versions; console.log(electron, "(Node " + node + ")")';
  const asked = await run(path, ['-e', words], { env: { ELECTRON_RUN_AS_NODE: '1' } });
  return asked.code === 0 ? asked.output.trim() : 'does not run';
}

/** The first thing in a program's words that looks like a version; programs say it in many ways. */
export function versionIn(output) {
  return /\d+(?:\.\d+)+(?:p\d+)?|\(\d{3}\)/.exec(output)?.[0].replace(/[()]/g, '') ?? '';
}
