import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { renderReport } from '../../adapters/reports/render-report.ts';
import { openBrowser } from '../helpers/browser.ts';
import { type OpenedPage, openReport, violations } from '../helpers/report-page.ts';
import { sampleReport } from '../helpers/sample-report.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

jest.setTimeout(60_000);

/** Tables of metrics that lie on top of one another. */
const OVERLAPPING_TABLES = `(() => {
  const boxes = [...document.querySelectorAll('#metrics table')].map((each) => each.getBoundingClientRect());
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => overlap(a, b))).length;
})()`;

/** The report as a person opens it: from a file, without a server. */
describe('the report of a backtest in a browser', () => {
  const folder = tempFolder();
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser?.close());

  async function open(runs: number, colorScheme: 'light' | 'dark' = 'light'): Promise<OpenedPage> {
    const html = await renderReport(sampleReport(runs));
    const { page, problems } = await openReport(browser, {
      html,
      file: join(folder, `report-${runs}.html`),
      colorScheme,
    });
    await page.locator('#trades tbody tr').first().waitFor();
    return { page, problems };
  }

  const textOf = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allTextContents();

  it('shows charts, metrics, months, trades and manifest, without an error or a request', async () => {
    const { page, problems } = await open(1);
    for (const chart of ['#equity', '#underwater', '#candles']) await page.locator(`${chart} canvas`).first().waitFor();
    const [trades, total] = [sampleReport(1).runs[0]!.tradeCount, await page.locator('#page').textContent()];
    expect(total).toBe(`1–${Math.min(100, trades)} of ${trades}`);
    expect(await textOf(page, '#metrics td')).toEqual(
      expect.arrayContaining(['Sharpe ratio', 'Max drawdown', 'Win rate']),
    );
    expect(await page.locator('#months tbody tr').count()).toBe(1);
    // Each interval says how it was found; that of a drawdown is not like the others.
    const methods = page.locator('#risk table').first().locator('tbody tr', { hasText: 'Max drawdown' });
    expect(await methods.locator('td').last().textContent()).toBe('days in blocks');
    expect(await page.locator('pre').textContent()).toContain('"strategy": "sma-cross"');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('sorts trades by a head, and filters them by exit reason', async () => {
    const { page } = await open(1);
    const pnl = async (): Promise<number[]> =>
      (await textOf(page, '#trades tbody td:nth-child(7)')).map((text) => Number(text.replaceAll(',', '')));
    await page.getByRole('button', { name: 'profit' }).click();
    const rising = await pnl();
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    await page.getByRole('button', { name: 'profit' }).click();
    expect((await pnl())[0]).toBeGreaterThan(rising[0]!);
    expect(await textOf(page, '#reason option')).toEqual(['all exits', 'signal']);
    await page.close();
  });

  it('puts six runs side by side', async () => {
    const { page, problems } = await open(6);
    expect(await page.locator('#legend i').count()).toBe(6);
    expect(await page.locator('#metrics table').first().locator('thead th').count()).toBe(7);
    const heads = page.locator('main table').first().locator('tbody td:first-child');
    expect(await heads.allTextContents()).toEqual(sampleReport(6).runs.map(({ name }, i) => `${i + 1}. ${name}`));
    // A note that all runs share stands there once.
    expect(await textOf(page, '#notes li')).toEqual(['all runs: a note']);
    const overlaps = await page.evaluate(OVERLAPPING_TABLES);
    expect(overlaps).toBe(0);
    const before = await page.locator('#trades tbody').textContent();
    await page.locator('#run').selectOption('4');
    expect(await page.locator('#trades tbody').textContent()).not.toBe(before);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows all columns of the trades on a laptop, with heads in words', async () => {
    const { page } = await open(1);
    await page.setViewportSize({ width: 1280, height: 800 });
    const room = 'document.querySelector("#trades").parentElement';
    expect(await page.evaluate(`${room}.scrollWidth - ${room}.clientWidth`)).toBe(0);
    const heads = await textOf(page, '#trades thead th');
    // No trade of the sample has a tag.
    expect(heads.slice(2)).toEqual([
      'entry ↑',
      'exit',
      'entry price',
      'exit price',
      'profit',
      'return',
      'MAE',
      'MFE',
      'bars',
      'exit by',
    ]);
    await page.close();
  });

  it('keeps a long breakdown within the page', async () => {
    const { page } = await open(1);
    const tall = page.getByRole('region', { name: 'By hour of entry (UTC)' });
    expect(await tall.evaluate((box) => box.clientHeight)).toBeLessThanOrEqual(400);
    expect(await tall.locator('tbody tr').count()).toBeGreaterThan(12);
    await page.close();
  });

  it.each([[1], [6]])('fits a narrow screen with %i runs: what is wider scrolls by itself', async (runs) => {
    const { page } = await open(runs);
    await page.setViewportSize({ width: 400, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    await page.close();
  });

  it.each([
    ['light', 1],
    ['dark', 1],
    ['light', 2],
    ['dark', 2],
  ] as const)('has no accessibility violation in %s colours with %i runs', async (scheme, runs) => {
    const { page } = await open(runs, scheme);
    expect(await violations(page)).toEqual([]);
    await page.close();
  });
});
