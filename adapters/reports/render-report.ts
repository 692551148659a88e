import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ReportData } from '../../domain/backtest/report/report-data.ts';

const PAGE = new URL('./page/', import.meta.url);
/** In the order in which the browser runs them: each builds on those before it. */
const SCRIPTS = ['format.js', 'charts.js', 'tables.js', 'report.js'];

const read = (name: string): Promise<string> => readFile(new URL(name, PAGE), 'utf8');

/** The chart library as one classic script, from the installed package. */
function readLibrary(): Promise<string> {
  const description = createRequire(import.meta.url).resolve('lightweight-charts/package.json');
  return readFile(join(dirname(description), 'dist/lightweight-charts.standalone.production.js'), 'utf8');
}

/** JSON that cannot end the script element it stands in, whatever text is in the data. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A script must not hold what ends its element; ours and the library do not, and a later version that does is refused here. */
function inlineScript(code: string): string {
  if (/<\/script/i.test(code)) throw new Error('a script of the report holds "</script" and cannot be inlined');
  return code;
}

/**
 * The report as one HTML file that needs nothing else: no network, no server, no other file.
 *
 * @returns the page as text. The same data gives the same text.
 */
export async function renderReport(data: ReportData): Promise<string> {
  const [page, style, library, ...scripts] = await Promise.all([
    read('report.html'),
    read('report.css'),
    readLibrary(),
    ...SCRIPTS.map(read),
  ]);
  const parts: Readonly<Record<string, string>> = {
    title: `<title>${asText(data.title)}</title>`,
    style: `<style>\n${style}</style>`,
    data: `<script type="application/json" id="data">${inlineJson(data)}</script>`,
    library: `<script>\n${inlineScript(library)}</script>`,
    script: `<script>\n${inlineScript(scripts.join('\n'))}</script>`,
  };
  return page.replaceAll(/<!-- (\w+) -->/g, (_all, name: string) => parts[name] ?? '');
}
