import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

export interface OpenedPage {
  readonly page: Page;
  /** Errors of the page, and whatever it asked for beyond its own file. */
  readonly problems: readonly string[];
}

/** Opens a report as a person does: from a file, without a server. Close the page afterwards. */
export async function openReport(
  browser: Browser,
  { html, file, colorScheme = 'light' }: { html: string; file: string; colorScheme?: 'light' | 'dark' },
): Promise<OpenedPage> {
  await writeFile(file, html);
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, colorScheme });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) problems.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  return { page, problems };
}

/** What axe has against a page. */
export async function violations(page: Page): Promise<unknown> {
  await page.addScriptTag({ content: await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8') });
  return page.evaluate(
    'axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`))',
  );
}
