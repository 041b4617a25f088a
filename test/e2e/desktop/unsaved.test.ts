import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../../practice/desktop/app-state.ts';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import { eventually } from '../../lab/harness/lab.ts';
import { Scene } from './scene.ts';

describe('the console with guardrails that are not saved', () => {
  let scene: Scene;
  let app: RunningApp;
  let page: Page;

  beforeAll(async () => {
    scene = await Scene.start({ environment: { SALLYPORT_PROXY: 'none' } });
  });

  afterAll(() => scene?.end());

  beforeEach(async () => {
    app = await scene.launch();
    page = await app.window();
    await change();
  });

  afterEach(() => app?.stop());

  const file = () => join(scene.place.environment['SALLYPORT_STATE_DIR'] ?? '', 'guardrails.json');
  const question = () => page.getByRole('dialog', { name: 'Save your changes?' });
  /** As a click on the window's cross does. */
  const closeWindow = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const windows = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

  async function change(): Promise<void> {
    await page.locator('h1').waitFor();
    await page.evaluate(() => {
      location.hash = '#/settings/guardrails';
    });
    await page.getByLabel('If no rule fits').selectOption('deny');
    await page.getByRole('button', { name: 'Save guardrails' }).waitFor();
  }

  it('asks before its window is closed, and is kept or closed as its person says', async () => {
    await closeWindow();
    await question().getByText('Guardrails').waitFor();
    // By keyboard: the safe answer has the focus.
    await page.keyboard.press('Enter');
    await question().waitFor({ state: 'hidden' });
    expect(await windows()).toBe(1);
    await closeWindow();
    await question().waitFor();
    await page.keyboard.press('Escape');
    await question().waitFor({ state: 'hidden' });
    expect(await windows()).toBe(1);
    expect(existsSync(file())).toBe(false);
    await closeWindow();
    await question().getByRole('button', { name: 'Discard changes' }).click();
    await eventually(async () => (await windows()) === 0);
    expect(existsSync(file())).toBe(false);
    expect(isAlive(app.pid)).toBe(true);
  });

  it('asks before another page is shown, also where the tray wants it', async () => {
    await page.getByRole('link', { name: 'Help' }).click();
    await question().getByRole('button', { name: 'Keep editing' }).click();
    await page.getByText('0 rules not saved yet.').waitFor();
    await scene.tray.click('About Sallyport');
    await question().getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('heading', { level: 1, name: 'Help' }).waitFor();
    // All is saved now: nobody is asked.
    await closeWindow();
    await eventually(async () => (await windows()) === 0);
  });

  it('asks before the app quits, and saves first where it is told to', async () => {
    await scene.tray.click('Stop outpost and quit');
    await question().getByRole('button', { name: 'Keep editing' }).click();
    await question().waitFor({ state: 'hidden' });
    expect(isAlive(app.pid)).toBe(true);
    await scene.tray.click('Stop outpost and quit');
    await question().getByRole('button', { name: 'Save', exact: true }).click();
    await eventually(() => !isAlive(app.pid));
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ otherwise: 'deny' });
  });
});
