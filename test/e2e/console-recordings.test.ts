import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CHROMIUM } from './chromium.ts';
import { type AskedPage, consolePages } from './console/pages.ts';
import { axe, PICTURES, picture } from './looks.ts';

type Asked = Pick<AskedPage, 'theme' | 'language'>;

describe.skipIf(CHROMIUM === null)('recordings in the console', () => {
  const pages = consolePages();

  async function open({ language = 'en', ...rest }: Asked = {}): Promise<Page> {
    const page = await pages.open({ at: 'sessions', language, ...rest });
    await page.getByRole('tab', { name: language === 'en' ? 'Recordings' : 'Aufzeichnungen' }).click();
    await page.locator('tbody tr').first().waitFor();
    return page;
  }

  /** Which colour the middle of the recorded screen has. */
  const colour = (page: Page) =>
    page.evaluate(() => {
      const canvas = [...document.querySelectorAll<HTMLCanvasElement>('.player-stage canvas')].find(
        ({ width }) => width >= 640,
      );
      const [red = 0, green = 0, blue = 0] = canvas?.getContext('2d')?.getImageData(320, 20, 1, 1).data ?? [];
      if (red + green + blue === 0) return 'nothing';
      return red > green && red > blue ? 'red' : green > blue ? 'green' : 'blue';
    });
  const seek = (page: Page) => page.getByLabel('Position');
  const at = async (page: Page) => Number(await seek(page).inputValue());

  it('are listed, and removed after a question', async () => {
    const page = await open();
    expect(await page.locator('tbody tr').count()).toBe(4);
    expect(await axe(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Remove the recording of bob' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Remove the recording of alice on web1:22' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
  });

  it('are listed with the same columns in both languages, and no word is cut', async () => {
    const columns = ['user', 'machine', 'protocol', 'began', 'length', 'state', 'actions'].length;
    for (const language of ['en', 'de'] as const) {
      const page = await open({ language });
      // As soon as the table knows how much room it has.
      await expect.poll(() => page.locator('thead th').count()).toBe(columns);
      const cut = await page
        .locator('th, td')
        .evaluateAll(
          (cells) => cells.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length,
        );
      expect(cut).toBe(0);
    }
  });

  it('play by themselves, jump both ways, pause, and go faster', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Play the recording of alice on web1:22' }).click();
    await page.getByRole('dialog').waitFor();
    await expect.poll(() => colour(page)).toBe('red');
    await expect.poll(() => at(page)).toBeGreaterThan(0);
    await page.keyboard.press('Space');
    await page.getByRole('dialog').getByRole('button', { name: 'Play', exact: true }).waitFor();
    // There, back over several pictures that were drawn meanwhile, and there again.
    await seek(page).fill('9000');
    await expect.poll(() => colour(page)).toBe('blue');
    await seek(page).fill('5000');
    await expect.poll(() => colour(page)).toBe('green');
    await seek(page).fill('0');
    await expect.poll(() => colour(page)).toBe('red');
    await page.keyboard.press('End');
    await expect.poll(() => colour(page)).toBe('blue');
    await expect.poll(() => at(page)).toBe(12_000);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => colour(page)).toBe('green');
    await expect.poll(() => at(page)).toBe(7_000);
    expect(await axe(page)).toEqual([]);
    const full = () => page.evaluate(() => document.fullscreenElement?.classList.contains('player') ?? false);
    const button = page.getByRole('button', { name: 'Full screen' });
    await button.click();
    await expect.poll(full).toBe(true);
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
    expect(await axe(page)).toEqual([]);
    // Escape leaves the full screen, and only that.
    await page.keyboard.press('Escape');
    await expect.poll(full).toBe(false);
    await button.click();
    await expect.poll(full).toBe(true);
    await button.click();
    await expect.poll(full).toBe(false);
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.getByLabel('Speed').selectOption('8');
    await page.getByRole('button', { name: 'Play', exact: true }).last().click();
    await expect.poll(() => at(page), { timeout: 60_000 }).toBe(12_000);
    await page.getByRole('dialog').getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  // Not a test that could be skipped: somebody asks for pictures, or nobody does.
  if (PICTURES !== undefined)
    it('has pictures to look at', async () => {
      for (const theme of ['light', 'dark'] as const)
        for (const language of ['en', 'de'] as const) {
          const page = await open({ theme, language });
          await picture(page, `recordings-${theme}-${language}`);
          await page.locator('tbody tr').nth(1).locator('button').first().click();
          await expect.poll(() => colour(page)).toBe('red');
          await picture(page, `player-${theme}-${language}`);
        }
    });
});
