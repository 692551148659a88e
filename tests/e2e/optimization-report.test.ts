import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { renderOptimization } from '../../adapters/reports/render-optimization.ts';
import type { OptimizationReport } from '../../domain/optimization/report/optimization-report.ts';
import { openBrowser } from '../helpers/browser.ts';
import { type OpenedPage, openReport, violations } from '../helpers/report-page.ts';
import { sampleOptimization } from '../helpers/sample-optimization.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

jest.setTimeout(60_000);

describe('the report of a search in a browser', () => {
  const folder = tempFolder();
  const two = sampleOptimization();
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser?.close());

  async function open(report: OptimizationReport, colorScheme: 'light' | 'dark' = 'light'): Promise<OpenedPage> {
    const html = await renderOptimization(report);
    return openReport(browser, { html, file: join(folder, 'search.html'), colorScheme });
  }

  const texts = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allTextContents();

  it('says on top whether to believe it, and why', async () => {
    const { page, problems } = await open(two);
    expect(await page.locator('#sentence').textContent()).toBe(two.result.sentence);
    expect(await texts(page, '#parts .name')).toEqual(two.verdict.map(({ title }) => title));
    expect(await page.locator('#parts li.loss').count()).toBe(two.verdict.filter(({ passed }) => !passed).length);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows the best, the walk-forward, the histograms and the top, without an error or a request', async () => {
    const { page, problems } = await open(two);
    await page.locator('#walk-chart canvas').first().waitFor();
    const { best, walkForward, top, pictures } = two.result;
    expect(await texts(page, '#params .param b')).toEqual(two.axes.map(({ name }) => String(best!.params[name])));
    expect(await page.locator('#folds tbody tr').count()).toBe(walkForward!.folds.length);
    expect(await page.locator('#stability svg[role="img"]').count()).toBe(two.axes.length);
    expect(await page.locator('#top tbody tr').count()).toBe(top.length);
    const bars = page.locator('#histograms svg').first().locator('rect');
    expect(await bars.count()).toBe(pictures.logits!.counts.length);
    expect(await page.locator('#manifest').textContent()).toContain('"seed"');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('has every score as text, and another with each switch', async () => {
    const { page } = await open(two);
    const [map] = two.result.pictures.heatMaps;
    const cells = await texts(page, '#map td[role="gridcell"]');
    // Rows from the top are values of y from the highest down.
    const expected = map!.best.toReversed().flat();
    expect(cells.map((text) => (text === '–' ? null : Number(text)))).toEqual(
      expected.map((value) => (value === null ? null : Number(value.toPrecision(4)))),
    );
    await page.locator('#kind').selectOption('plateau');
    expect(await texts(page, '#map td[role="gridcell"]')).not.toEqual(cells);
    await page.close();
  });

  it('sets the highest score beside the best neighbourhood, and names cells of many values by their best combination', async () => {
    const report = sampleOptimization({
      objective: { metric: 'sharpeRatio', plateau: true },
      space: { fast: { min: 4, max: 103, step: 1 }, slow: [110, 120, 130] },
    });
    const { page } = await open(report);
    const { peak, plateau } = report.landscape!;
    expect(plateau.index).toBe(report.result.best!.index);
    expect(peak.index).not.toBe(plateau.index);
    expect(await texts(page, '#ground tbody td:first-child')).toEqual(
      [
        { name: 'peak', of: peak },
        { name: 'plateau', of: plateau },
      ].map(({ name, of: { params } }) => `${name}: fast ${params['fast']}, slow ${params['slow']}`),
    );
    const [map] = report.result.pictures.heatMaps;
    const column = map!.bestAt![0]!.findIndex((place, i) => place !== null && place[0] !== map!.x.values[i]);
    const [fast, slow] = map!.bestAt![0]![column]!;
    const lowest = page.locator('#map tbody tr').last().locator('td');
    expect(await lowest.nth(column).getAttribute('title')).toContain(`fast ${fast}, slow ${slow}: best `);
    await page.close();
  });

  it('marks the chosen cell and walks the cells by keyboard', async () => {
    const { page } = await open(two);
    const { best, pictures } = two.result;
    const { x, y } = pictures.heatMaps[0]!;
    const chosen = page.locator('#map td.chosen');
    expect(await chosen.count()).toBe(1);
    await page.locator('#kind').focus();
    await page.keyboard.press('Tab');
    const reading = (): Promise<string | null> => page.locator('#reading').textContent();
    expect(await reading()).toContain(`${x.name} ${best!.params[x.name]}, ${y.name} ${best!.params[y.name]}: best `);
    expect(await reading()).toContain('(chosen)');
    const next = x.values[x.values.indexOf(best!.params[x.name]!) + 1];
    await page.keyboard.press('ArrowRight');
    expect(await reading()).toContain(`${x.name} ${next}, ${y.name} ${best!.params[y.name]}: `);
    await page.close();
  });

  it('shows slices where there is one parameter, and says that there was no walk-forward', async () => {
    const space = { fast: { min: 4, max: 24, step: 2 } };
    const { page, problems } = await open(sampleOptimization({ space, constraints: [], walkForward: null }));
    expect(await page.locator('#map').count()).toBe(0);
    expect(await page.locator('#slices svg').count()).toBe(1);
    expect(await page.locator('#walk').textContent()).toContain('There is no walk-forward: ');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('says so where no combination has a score', async () => {
    const { page, problems } = await open(
      sampleOptimization({ objective: { metric: 'sharpeRatio', minTrades: 2_000 } }),
    );
    expect(await page.locator('#parts li').first().textContent()).toContain('not known');
    expect(await texts(page, '#reasons td:first-child')).toContain('dsr');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('fits a narrow screen: what is wider scrolls by itself', async () => {
    const { page } = await open(two);
    await page.setViewportSize({ width: 420, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(420);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has no accessibility violation in %s colours', async (scheme) => {
    const { page } = await open(two, scheme);
    await page.locator('#walk-chart canvas').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('details').evaluateAll('(all) => all.forEach((each) => { each.open = true; })');
    expect(await violations(page)).toEqual([]);
    await page.close();
  });
});
