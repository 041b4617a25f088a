// Writes the table of docs/licences.md anew: `node scripts/licences.mjs`. With `--texts` it prints the licences
// themselves, which have to go along with copies of what `npm run build` makes.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { shipped, tableOf, withTable } from './licences/inventory.mjs';
import { ROOT } from './setup/system.mjs';

const PAGE = join(ROOT, 'docs', 'licences.md');

const entries = shipped(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
if (process.argv.includes('--texts')) process.stdout.write(entries.map(texts).join(''));
else writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), tableOf(entries)));

/** The notices of one package; none for one that is not installed on this system. */
function texts({ name, version, licence }) {
  const folder = join(ROOT, 'node_modules', name);
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    : [];
  const said = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return said.length === 0
    ? ''
    : `${name} ${version} (${licence})\n\n${said.join('\n\n')}\n\n${'-'.repeat(78)}\n\n`;
}
