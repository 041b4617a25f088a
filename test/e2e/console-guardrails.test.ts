import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../main/core/audit-event.ts';
import { CHROMIUM } from './chromium.ts';
import { type AskedPage, asked, consolePages } from './console/pages.ts';
import { RealDesks } from './console/real-desks.ts';
import { axe, PICTURES, picture } from './looks.ts';

const RULES = `${JSON.stringify(
  {
    version: 1,
    otherwise: 'allow',
    rules: [
      { name: 'Not here', action: 'deny', because: 'Log in to it directly', targets: ['127.0.0.0/8'] },
      {
        name: 'Databases',
        action: 'allow',
        users: ['dba-*'],
        targets: ['10.20.0.0/16:22'],
        record: 'always',
      },
      { name: 'No other databases', action: 'deny', targets: ['10.20.0.0/16'] },
    ],
  },
  null,
  2,
)}\n`;

interface Asked extends Omit<AskedPage, 'at' | 'before'> {
  readonly at: 'activity' | 'settings' | 'settings/guardrails';
  readonly desks?: RealDesks;
}

describe.skipIf(CHROMIUM === null)('guardrails and journal in the console', () => {
  let desks: RealDesks[] = [];

  // Before the pages have theirs, and so after it: a page that goes asks its desk no more.
  afterEach(async () => {
    const used = desks;
    desks = [];
    for (const one of used) await one.close();
  });

  const pages = consolePages();

  async function real(events: readonly AuditEvent[] = []): Promise<RealDesks> {
    const made = await RealDesks.open(events);
    desks.push(made);
    return made;
  }

  const open = ({ desks: own, ...rest }: Asked) =>
    pages.open({
      viewport: { width: 1180, height: 860 },
      before: own && ((page) => own.serve(page)),
      ...rest,
    });

  const ask = async (page: Page, user: string, target: string) => {
    await page.getByLabel('Person', { exact: true }).fill(user);
    await page.getByLabel('Machine and port').fill(target);
    await page.getByRole('button', { name: 'Try it out' }).click();
  };

  it('shows the rules in order, and says by the real judgement which one decides', async () => {
    const desk = await real();
    desk.writeGuardrails(RULES);
    const page = await open({ at: 'settings/guardrails', desks: desk });
    const rules = page.getByRole('list', { name: 'Rules' }).getByRole('listitem');
    await page.getByRole('heading', { name: 'No other databases' }).waitFor();
    await page.getByText('3 rules in effect.').waitFor();
    await ask(page, 'alice', '10.20.0.9:22');
    await page.getByText('Would be refused').waitFor();
    const findings = page.getByRole('list', { name: 'What each rule says' });
    await findings.getByText('about other people').waitFor();
    await findings.getByText('decides').waitFor();
    await ask(page, 'dba-bob', '10.20.0.9:22');
    await page.getByText('Would be let in').waitFor();
    // Moved to the front, and not saved: the tester asks what is on the page.
    await page.getByRole('button', { name: 'Move No other databases up' }).click();
    await page.getByText('not saved yet. Once saved').waitFor();
    await ask(page, 'dba-bob', '10.20.0.9:22');
    await page.getByText('Would be refused').waitFor();
    expect(await axe(page)).toEqual([]);
    const [, second] = await rules.locator('h3').allTextContents();
    expect(second).toBe('No other databases');
  });

  it('changes a rule by form, says what is wrong as it is typed, and keeps what it does not know', async () => {
    const desk = await real();
    desk.writeGuardrails(RULES);
    const page = await open({ at: 'settings/guardrails', desks: desk });
    await page.getByRole('button', { name: 'Edit Databases' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Targets').fill('10.20.0.300');
    await form.getByText('is no address or range such as 10.0.0.7').waitFor();
    expect(await form.getByRole('button', { name: 'Take over' }).isDisabled()).toBe(true);
    await form.getByLabel('Targets').fill('10.20.0.0/16:22\n*.db.example.org');
    await form.getByLabel('Ends when idle, in minutes').fill('15');
    await form.getByRole('button', { name: 'Add times' }).click();
    expect(await axe(page)).toEqual([]);
    await expect.poll(() => form.getByRole('button', { name: 'Take over' }).isEnabled()).toBe(true);
    await form.getByRole('button', { name: 'Take over' }).click();
    await page.getByRole('button', { name: 'Duplicate Not here' }).click();
    await page.getByRole('heading', { name: 'Not here (copy)' }).waitFor();
    await page.getByRole('button', { name: 'Remove No other databases' }).click();
    await page.getByRole('button', { name: 'Save guardrails' }).click();
    await page.getByText('Saved: 3 rules count from the next session on.').waitFor();
    const kept = JSON.parse(readFileSync(join(desk.folder, 'guardrails.json'), 'utf8'));
    expect(kept.rules.map(({ name }: { name: string }) => name)).toEqual([
      'Not here',
      'Not here (copy)',
      'Databases',
    ]);
    expect(kept.rules[2]).toEqual({
      name: 'Databases',
      action: 'allow',
      users: ['dba-*'],
      targets: ['10.20.0.0/16:22', '*.db.example.org'],
      record: 'always',
      idleMinutes: 15,
      times: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }],
    });
  });

  it('lets nobody leave with changes that are not saved, unless they say so', async () => {
    const desk = await real();
    desk.writeGuardrails(RULES);
    const page = await open({ at: 'settings/guardrails', desks: desk });
    await page.getByRole('button', { name: 'Remove Not here' }).click();
    await page.getByRole('link', { name: 'Log' }).click();
    const question = page.getByRole('dialog', { name: 'Save your changes?' });
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await page.getByText('2 rules not saved yet.').waitFor();
    await page.getByRole('tab', { name: 'Limits' }).click();
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await page.evaluate(() => {
      location.hash = '#/log';
    });
    await question.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
    expect(readFileSync(join(desk.folder, 'guardrails.json'), 'utf8')).toBe(RULES);
  });

  it('saves before it leaves, and only what can be saved', async () => {
    const desk = await real();
    desk.writeGuardrails(RULES);
    const page = await open({ at: 'settings/guardrails', desks: desk });
    const question = page.getByRole('dialog', { name: 'Save your changes?' });
    await page.getByRole('button', { name: 'Edit as text' }).click();
    const text = page.getByRole('textbox', { name: 'Guardrails as text' });
    await text.fill('{ "version": 1');
    await page.getByText('are not valid JSON').last().waitFor();
    await page.getByRole('link', { name: 'Log' }).click();
    await question.getByText('Not all of it can be saved').waitFor();
    expect(await question.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await text.fill(RULES.replace('Not here', 'Nowhere'));
    await expect.poll(() => page.getByRole('button', { name: 'Save guardrails' }).isEnabled()).toBe(true);
    await page.getByRole('link', { name: 'Log' }).click();
    await question.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
    expect(readFileSync(join(desk.folder, 'guardrails.json'), 'utf8')).toContain('Nowhere');
  });

  it('asks before a rule that was half edited is dropped by its own form, and keeps the focus', async () => {
    const desk = await real();
    desk.writeGuardrails(RULES);
    const page = await open({ at: 'settings/guardrails', desks: desk });
    const form = page.getByRole('dialog', { name: 'Rule:' });
    const question = page.getByRole('dialog', { name: 'Save your changes?' });
    const edit = page.getByRole('button', { name: 'Edit Databases' });
    await edit.click();
    // Nothing was changed: nobody is asked.
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    expect(await edit.evaluate((element) => element === document.activeElement)).toBe(true);
    await edit.click();
    await form.getByLabel('Why').fill('By their team');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await question.getByText('Rule: Databases').waitFor();
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await page.keyboard.press('Escape');
    await question.getByRole('button', { name: 'Discard changes' }).click();
    await form.waitFor({ state: 'hidden' });
    expect(await edit.evaluate((element) => element === document.activeElement)).toBe(true);
    // Saved from the question, a rule goes where the form would have put it; from there all is saved.
    await edit.click();
    await form.getByLabel('Why').fill('By their team');
    await page.evaluate(() => {
      location.hash = '#/log';
    });
    await question.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
    expect(readFileSync(join(desk.folder, 'guardrails.json'), 'utf8')).toContain('By their team');
  });

  it('looks again when the outpost is there, and keeps what was changed while it is away', async () => {
    const desk = await real();
    desk.writeGuardrails(RULES);
    desk.isAway = true;
    const page = await open({ at: 'settings/guardrails', desks: desk });
    const outpost = (state: object) =>
      page.evaluate((next) => Reflect.get(window.self, 'sallyport').change({ outpost: next }), state);
    await page.getByText('The outpost is not running.').waitFor();
    desk.isAway = false;
    await outpost({ kind: 'own', pid: 2 });
    await page.getByRole('button', { name: 'Remove Not here' }).click();
    await page.getByText('2 rules not saved yet.').waitFor();
    desk.isAway = true;
    await outpost({ kind: 'starting' });
    await outpost({ kind: 'own', pid: 3 });
    await page.getByText('2 rules not saved yet.').waitFor();
    expect(await page.getByText('The outpost is not running.').count()).toBe(0);
    desk.isAway = false;
    await page.getByRole('button', { name: 'Save guardrails' }).click();
    await page.getByText('2 rules in effect.').waitFor();
  });

  it('asks before a setting that was typed and not saved is lost', async () => {
    const page = await open({ at: 'settings' });
    await page.getByLabel('Address of authentik', { exact: true }).fill('https://other.example.org/');
    await page.getByRole('tab', { name: 'Limits' }).click();
    const question = page.getByRole('dialog', { name: 'Save your changes?' });
    await question.getByRole('listitem').filter({ hasText: 'Address of authentik' }).waitFor();
    await question.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('tabpanel', { name: 'Limits' }).waitFor();
    expect(await asked(page, 'config/set')).toEqual([
      { key: 'authentik.host', value: 'https://other.example.org/' },
    ]);
  });

  it('answers for another time than now', async () => {
    const desk = await real();
    const sundays = {
      name: 'Not on Sundays',
      action: 'deny',
      times: [{ days: [7], from: '00:00', to: '23:59' }],
    };
    desk.writeGuardrails(JSON.stringify({ version: 1, rules: [sundays] }));
    const page = await open({ at: 'settings/guardrails', desks: desk });
    await page.getByLabel('When').selectOption('At another time');
    await page.getByLabel('In the outpost’s time zone').fill('2026-11-29T03:00');
    await ask(page, 'alice', '10.0.0.7:22');
    await page.getByText('Would be refused').waitFor();
    await page.getByLabel('In the outpost’s time zone').fill('2026-11-30T03:00');
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByText('Would be let in').waitFor();
    expect(await axe(page)).toEqual([]);
  });

  it('can be worked by keyboard alone', async () => {
    const desk = await real();
    desk.writeGuardrails(RULES);
    const page = await open({ at: 'settings/guardrails', desks: desk });
    await page.getByRole('heading', { name: 'No other databases' }).waitFor();
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      });
    /** Walks there, never by mouse. */
    const tabTo = async (name: string, back = false) => {
      for (let steps = 0; steps < 80; steps += 1) {
        if ((await focused()) === name) return;
        await keyboard.press(back ? 'Shift+Tab' : 'Tab');
      }
      throw new Error(`The Tab key does not lead to ${name}.`);
    };
    const namesShown = () => page.locator('.rule h3').allTextContents();
    await tabTo('Add rule');
    await keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Add rule' });
    await form.waitFor();
    await expect
      .poll(() => form.getByLabel('Name', { exact: true }).evaluate((e) => e === document.activeElement))
      .toBe(true);
    await keyboard.type('Nobody to the cameras');
    await tabToField(page, 'Targets');
    await keyboard.type('10.30.0.0/16');
    await tabTo('Add to the list');
    await expect.poll(() => form.getByRole('button', { name: 'Add to the list' }).isEnabled()).toBe(true);
    await keyboard.press('Enter');
    await form.waitFor({ state: 'hidden' });
    expect(await namesShown()).toEqual([
      'Not here',
      'Databases',
      'No other databases',
      'Nobody to the cameras',
    ]);
    await tabTo('Move Nobody to the cameras up');
    await keyboard.press('Enter');
    await expect
      .poll(namesShown)
      .toEqual(['Not here', 'Databases', 'Nobody to the cameras', 'No other databases']);
    // The focus goes with the rule: it can be moved on.
    expect(await focused()).toBe('Move Nobody to the cameras up');
    await keyboard.press('Enter');
    await expect
      .poll(namesShown)
      .toEqual(['Not here', 'Nobody to the cameras', 'Databases', 'No other databases']);
    await tabTo('Edit Not here', true);
    await keyboard.press('Space');
    await page.getByRole('dialog', { name: 'Rule: Not here' }).waitFor();
    await keyboard.press('Control+A');
    await keyboard.type('Not this host');
    await tabTo('Take over');
    await expect.poll(() => page.getByRole('button', { name: 'Take over' }).isEnabled()).toBe(true);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Not this host' }).waitFor();
    await tabTo('Duplicate No other databases');
    await keyboard.press('Enter');
    await tabTo('Remove No other databases (copy)');
    await keyboard.press('Enter');
    // With the rule before the last one that is gone, and not at the top of the page.
    await expect.poll(focused).toBe('Remove No other databases');
    await tabTo('Person');
    await keyboard.type('alice');
    await tabTo('Machine and port');
    await keyboard.type('10.30.0.9:22');
    await keyboard.press('Enter');
    await page.getByText('Would be refused').waitFor();
    await tabTo('Save guardrails');
    await keyboard.press('Enter');
    await page.getByText('Saved: 4 rules count from the next session on.').waitFor();
    const kept = JSON.parse(readFileSync(join(desk.folder, 'guardrails.json'), 'utf8'));
    expect(kept.rules.map(({ name }: { name: string }) => name)).toEqual([
      'Not this host',
      'Nobody to the cameras',
      'Databases',
      'No other databases',
    ]);
  });

  it('says that nobody is let in, and takes a mended text', async () => {
    const desk = await real();
    desk.writeGuardrails(RULES.replace('"deny"', '"forbid"'));
    const page = await open({ at: 'settings/guardrails', desks: desk, theme: 'dark' });
    await page.getByText('Nobody is let in').waitFor();
    await page.getByText('rule 1, “Not here”').first().waitFor();
    await page.getByRole('button', { name: 'Edit as text' }).click();
    const text = page.getByRole('textbox', { name: 'Guardrails as text' });
    await text.fill('{ "version": 1');
    await page.getByText('are not valid JSON').last().waitFor();
    expect(await page.getByRole('button', { name: 'Save guardrails' }).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await text.fill(RULES);
    await expect.poll(() => page.getByRole('button', { name: 'Save guardrails' }).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Save guardrails' }).click();
    await expect.poll(() => page.getByText('Nobody is let in').count()).toBe(0);
    expect(readFileSync(join(desk.folder, 'guardrails.json'), 'utf8')).toBe(RULES);
  });

  const machine = (at: number): AuditEvent => ({ kind: 'machine-added', machine: `machine ${at}` });

  it('lists the real journal live, finds in it, and pages back to its first entry', async () => {
    const desk = await real(Array.from({ length: 450 }, (_, at) => machine(at + 1)));
    const page = await open({ at: 'activity', desks: desk });
    await page.getByText('The machine machine 450 was added').waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(60);
    desk.record({ kind: 'vault-locked', because: 'screen' });
    await page.getByText('The vault was locked: the screen was locked').waitFor();
    const grid = page.getByRole('grid');
    await grid.focus();
    await expect
      .poll(async () => {
        await page.keyboard.press('End');
        return page.locator('tr[aria-rowindex="452"]').count();
      })
      .toBe(1);
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Entry 1' });
    await drawer.getByText('0'.repeat(64)).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByLabel('What is shown').selectOption('vault');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByLabel('What is shown').selectOption('all');
    await page.getByRole('searchbox').fill('MACHINE 44');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(11);
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('The machine machine 450 was added').waitFor();
  });

  it('exports the journal’s own lines, whose chain holds', async () => {
    const desk = await real(Array.from({ length: 1203 }, (_, at) => machine(at + 1)));
    const page = await open({ at: 'activity', desks: desk });
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('1,203 entries were written').waitFor();
    const lines = readFileSync(desk.exported, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(1203);
    let previous = '0'.repeat(64);
    for (const line of lines) {
      expect(JSON.parse(line).previous).toBe(previous);
      previous = createHash('sha256').update(line).digest('hex');
    }
  });

  it('says what waits for authentik and why, and leads to the setting', async () => {
    const desk = await real([machine(1), machine(2)]);
    const page = await open({ at: 'activity', desks: desk });
    await page.getByText('2 entries wait until authentik can be told.').waitFor();
    await page.getByRole('grid').getByText('waits').first().waitFor();
    desk.authentik = () => Promise.resolve();
    desk.record(machine(3));
    await page.getByText('The machine machine 3 was added').waitFor();
    await page.getByText('authentik has been told all that it cannot see itself, up to entry 3.').waitFor();
    await page.getByRole('button', { name: 'Change setting' }).click();
    await page.getByRole('switch', { name: 'Tell authentik' }).waitFor();
  });

  it('warns of a journal that was changed, in both themes and languages', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const page = await open({
        at: 'activity',
        scenario: 'tampered',
        theme,
        language: theme === 'light' ? 'en' : 'de',
      });
      await page.getByText('entry 12, or what stands before it, was changed').waitFor();
      await page.getByText('authentik answered 403').waitFor();
      expect(await axe(page)).toEqual([]);
    }
    const empty = await open({ at: 'activity', scenario: 'quiet', language: 'de' });
    await empty.getByText('Noch ist nichts geschehen').waitFor();
    expect(await axe(empty)).toEqual([]);
  });

  // On demand, and no test that would be counted as skipped.
  if (PICTURES !== undefined)
    it('can be looked at in both themes and languages', async () => {
      for (const theme of ['light', 'dark'] as const) {
        const language = theme === 'light' ? 'en' : 'de';
        const shot = (page: Page, name: string) => picture(page, `${name}-${theme}`);
        const look = { theme, language } as const;
        const activity = await open({ at: 'activity', ...look });
        await activity.locator('tbody tr').first().waitFor();
        await shot(activity, 'activity');
        await activity.locator('tbody tr').nth(3).click();
        await activity.getByRole('dialog').waitFor();
        await shot(activity, 'activity-entry');
        for (const scenario of ['tampered', 'quiet']) {
          const other = await open({ at: 'activity', scenario, ...look });
          await other.locator('.journal-told').waitFor();
          await shot(other, `activity-${scenario}`);
          const rules = await open({ at: 'settings/guardrails', scenario, ...look });
          await rules.locator('.save-bar').waitFor();
          await shot(rules, `guardrails-${scenario}`);
        }
        const rules = await open({ at: 'settings/guardrails', ...look });
        await rules.locator('.rule').first().waitFor();
        await shot(rules, 'guardrails');
        await rules.locator('.rule').nth(1).getByRole('button').first().click();
        await rules.getByRole('dialog').waitFor();
        await shot(rules, 'guardrails-form');
        await rules.locator('.rule-rows').first().scrollIntoViewIfNeeded();
        await shot(rules, 'guardrails-form-more');
        await rules.locator('.rule-rows').last().scrollIntoViewIfNeeded();
        await shot(rules, 'guardrails-form-end');
        await rules.keyboard.press('Escape');
        await rules.locator('.tester input').first().fill('alice');
        await rules.locator('.tester input').last().fill('10.20.0.9:22');
        await rules.keyboard.press('Enter');
        await rules.locator('.answer').scrollIntoViewIfNeeded();
        await shot(rules, 'guardrails-answer');
      }
    });
});

/** Walks with the Tab key to the field of that name. */
async function tabToField(page: Page, label: string): Promise<void> {
  const field = page.getByRole('dialog').getByLabel(label, { exact: true });
  for (let steps = 0; steps < 80; steps += 1) {
    if (await field.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${label}.`);
}
