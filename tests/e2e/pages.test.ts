import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../helpers/browser.ts';
import { startStack, type TestStack } from '../helpers/stack.ts';

jest.setTimeout(120_000);

/** Pages as a person sees them, in a real browser, on a real stack. */
describe('what people look at', () => {
  let stack: TestStack;
  let browser: Browser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), openBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  async function open(url: string): Promise<{ readonly page: Page; readonly problems: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1500, height: 1100 } });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(url);
    return { page, problems };
  }

  /** The Temporal UI renders markdown in frames of its own. */
  async function shown(page: Page, text: string): Promise<void> {
    const frames = [0, 1, 2].map((n) => page.frameLocator(`iframe >> nth=${n}`));
    await Promise.any([page, ...frames].map((place) => place.getByText(text).first().waitFor({ state: 'visible' })));
  }

  it('shows every endpoint on the API page, without an error and without the network', async () => {
    const { page, problems } = await open(`${stack.api}/docs`);
    for (const path of ['/v1/executions', '/v1/executions/{id}/report', '/v1/halts', '/v1/venues', '/v1/health']) {
      await page.locator(`[data-path="${path}"]`).first().waitFor({ state: 'visible' });
    }
    const foreign = await page.evaluate(
      "performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !name.startsWith(location.origin) && !name.startsWith('data:'))",
    );
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('lets an operator read a running TWAP in the Temporal UI', async () => {
    const start = await stack.call('POST', '/v1/executions', {
      algo: 'twap',
      venue: 'sim',
      symbol: 'BTC/USDT',
      side: 'buy',
      quantity: '0.4',
      durationMs: 120_000,
      slices: 40,
    });
    expect(start.status).toBe(201);
    const { ui } = stack.record().temporal ?? {};
    const workflow = `${ui}/namespaces/default/workflows/${encodeURIComponent(start.body.workflowId)}`;

    const { page } = await open(workflow);
    // 0.4 BTC in 40 slices: 0.01 each, so the second goes to 0.02.
    await page.getByText('slice 2/40: buy 0.01 BTC, to 0.02 in all').first().waitFor({ state: 'visible' });

    await page.getByText('User Metadata', { exact: true }).first().click();
    await shown(page, 'TWAP buy 0.4 BTC/USDT on sim');
    await shown(page, 'of 0.4');

    await page.getByText('Search Attributes', { exact: true }).first().click();
    for (const text of ['TwAlgorithm', 'TwSymbol', 'TwVenue', 'TwStatus', 'BTC/USDT']) {
      await page.getByText(text).first().waitFor({ state: 'visible' });
    }
    await page.close();
    const cancelled = await stack.call('POST', `/v1/executions/${start.body.id}/cancel`);
    expect(cancelled.status).toBeLessThan(300);
  });
});
