import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../main/core/audit-event.ts';
import { CHROMIUM } from './chromium.ts';
import { type AskedPage, consolePages } from './console/pages.ts';
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
  readonly at: 'activity' | 'settings/guardrails';
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
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('2 rules not saved yet.').waitFor();
    await page.getByRole('tab', { name: 'Limits' }).click();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await page.evaluate(() => {
      location.hash = '#/log';
    });
    await question.getByRole('button', { name: 'Discard and leave' }).click();
    await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
    expect(readFileSync(join(desk.folder, 'guardrails.json'), 'utf8')).toBe(RULES);
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
