import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOnline, untilState } from '../../practice/desktop/app-state.ts';
import type { RunningApp } from '../../practice/desktop/desktop-app.ts';
import { Scene } from './desktop/scene.ts';
import { picture as leavePicture } from './looks.ts';

describe('the console in the real app', () => {
  let scene: Scene;
  let app: RunningApp;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    scene = await Scene.start({ practice: true });
    for (const name of ['AUTHENTIK_HOST', 'AUTHENTIK_TOKEN']) delete scene.place.environment[name];
    app = await scene.launch();
    page = await app.window();
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });

  afterAll(() => scene?.end());

  const picture = (name: string) => leavePicture(page, name);

  async function goTo(name: string): Promise<void> {
    await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
    await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
  }

  it('leads from the first run to online by pasting, testing and starting', async () => {
    const { host, token } = scene.practice.outpost;
    await page.getByRole('heading', { name: 'Welcome to Sallyport' }).waitFor();
    await picture('first-run');
    await page.getByLabel('Deployment snippet').fill(`AUTHENTIK_HOST: ${host}\nAUTHENTIK_TOKEN: ${token}\n`);
    await page.getByRole('button', { name: 'Find address and token' }).click();
    await page.getByText('Address and token found.').waitFor();
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByRole('button', { name: 'Start outpost' }).click({ timeout: 60_000 });
    await untilState(app, isOnline);
    await page.getByRole('heading', { name: /^Online/, level: 2 }).waitFor();
    await picture('overview');
    expect(await page.content()).not.toContain(token);
  });

  it('shows a session as it comes, and ends it', async () => {
    await goTo('Sessions');
    await page.getByText('No open sessions').waitFor();
    const browser = await scene.openSession();
    const end = page.getByRole('button', { name: /^End session: / });
    await end.waitFor({ timeout: 30_000 });
    await picture('sessions');
    await page.getByRole('row').nth(1).click();
    const details = page.getByRole('dialog');
    await details.getByText('hostname', { exact: true }).waitFor();
    await picture('session');
    await details.getByRole('button', { name: 'End session' }).click();
    await page
      .getByRole('dialog', { name: 'End this session?' })
      .getByRole('button', { name: 'End session' })
      .click();
    // What was open stays open, and says how it ended.
    await details.getByText('Ended by an administrator of this host').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Ended (1)' }).click();
    await page.getByRole('grid').getByText('Ended by an administrator of this host').waitFor();
    browser.kill();
  });

  it('has its lines in the log and its deeds in the activity', async () => {
    await goTo('Activity');
    await page
      .getByRole('grid')
      .getByText(/ was opened/)
      .first()
      .waitFor();
    await picture('activity');
    await goTo('Log');
    await page.getByRole('grid').getByText('Session requested').first().waitFor();
    await picture('log');
  });

  it('knows every setting of the core, locks what the environment set, and keeps what is changed', async () => {
    await goTo('Settings');
    const names = await page.getByRole('tab').allTextContents();
    for (const name of names) {
      await page.getByRole('tab', { name, exact: true }).click();
      await page.getByRole('tabpanel').getByRole('heading').first().waitFor();
      await picture(`settings-${name.toLowerCase().replaceAll(' ', '-')}`);
    }
    await page.getByRole('tab', { name: 'guacd' }).click();
    expect(await page.getByLabel('Which guacd').isDisabled()).toBe(true);
    await page.getByRole('tab', { name: 'Limits' }).click();
    const most = page.getByLabel('Sessions at once', { exact: true });
    await most.fill('many');
    await page.getByText('Give a whole number of sessions from 1 to 10').waitFor();
    await most.fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'Restart needed' }).waitFor();
    await page.getByRole('button', { name: 'Restart outpost' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart outpost' }).click();
    await untilState(app, (state) => isOnline(state) && state.status?.sessionLimit === 7);
    expect(await most.inputValue()).toBe('7');
  });

  it('checks everything anew, and says what it is made of', async () => {
    await goTo('Help');
    await page.getByRole('button', { name: 'Check now' }).click();
    await page
      .getByRole('status')
      .getByText('Everything is well.')
      .waitFor({ state: 'attached', timeout: 60_000 });
    await picture('help');
    await page.getByText('OpenSSL').waitFor();
  });

  it('never broke its policy, nor complained', () => {
    expect(complaints).toEqual([]);
  });
});
