// Draws the icons into resources/ with the installed Chromium: `node scripts/icons.mjs`. The results are committed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { appSvg, SIZES, STATES, traySvg, VARIANTS } from './icons/glyphs.mjs';
import { findProgram, ROOT } from './setup/system.mjs';

const APP_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];

const executablePath = findProgram('chromium');
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage();
  for (const variant of Object.keys(VARIANTS)) {
    for (const state of Object.keys(STATES)) {
      for (const size of SIZES)
        await draw(page, traySvg(state, variant), size, ['tray', variant, `${state}-${size}.png`]);
    }
  }
  for (const size of APP_SIZES) await draw(page, appSvg(), size, ['icons', `${size}.png`]);
  write(['icons', 'sallyport.svg'], appSvg());
} finally {
  await browser.close();
}
if (!process.env.SALLYPORT_QUIET) console.log('Drew the icons into resources/.');

async function draw(page, svg, size, place) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  write(place, await page.screenshot({ omitBackground: true }));
}

function write(place, content) {
  const path = join(ROOT, 'resources', ...place);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}
