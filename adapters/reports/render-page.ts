import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PAGE = new URL('./page/', import.meta.url);

/** Files beside this one that a page is put together from. */
export interface PageParts {
  readonly page: string;
  readonly styles: readonly string[];
  /** In the order in which the browser runs them: each builds on those before it. */
  readonly scripts: readonly string[];
}

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
 * A page as one HTML file that needs nothing else: no network, no server, no other file.
 *
 * @returns the page as text. The same data gives the same text.
 */
export async function renderPage(
  data: { readonly title: string },
  { page, styles, scripts }: PageParts,
): Promise<string> {
  const [text, library, style, script] = await Promise.all([
    read(page),
    readLibrary(),
    Promise.all(styles.map(read)),
    Promise.all(scripts.map(read)),
  ]);
  const parts: Readonly<Record<string, string>> = {
    title: `<title>${asText(data.title)}</title>`,
    style: `<style>\n${style.join('\n')}</style>`,
    data: `<script type="application/json" id="data">${inlineJson(data)}</script>`,
    library: `<script>\n${inlineScript(library)}</script>`,
    script: `<script>\n${inlineScript(script.join('\n'))}</script>`,
  };
  return text.replaceAll(/<!-- (\w+) -->/g, (_all, name: string) => parts[name] ?? '');
}
