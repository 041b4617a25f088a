// Builds what runs into dist/: `npm run build`, or `node scripts/build.mjs programs|app|renderer …` for some of it.
import process from 'node:process';
import { buildApp, buildRenderer, copyChildren } from './build/app.mjs';
import { buildPrograms } from './build/programs.mjs';
import { manifest } from './build/shared.mjs';

const STEPS = {
  programs: buildPrograms,
  app: buildApp,
  renderer: buildRenderer,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(STEPS, name));
if (unknown.length > 0) {
  console.error(`There is nothing to build named ${unknown.join(', ')}: ${Object.keys(STEPS).join(', ')}.`);
  process.exit(2);
}
const names = asked.length > 0 ? asked : Object.keys(STEPS);
// One part that does not build keeps nobody from the others.
const results = await Promise.allSettled(names.map((name) => STEPS[name]()));
if (names.includes('programs') || names.includes('app')) copyChildren();
for (const [at, result] of results.entries()) {
  if (result.status === 'rejected') console.error(`Building ${names[at]} failed: ${result.reason?.message}`);
}
if (results.some(({ status }) => status === 'rejected')) process.exitCode = 1;
else if (!process.env.SALLYPORT_QUIET) console.log(`Built Sallyport ${manifest.version} into dist/.`);
