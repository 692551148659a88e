import { describe, expect, it, jest } from '@jest/globals';
import { filesInThread } from './files-in-thread.ts';

jest.setTimeout(180_000);

const { loaded, write } = filesInThread();

/** A strategy that imports something. */
const strategyOf = (imports: string): string =>
  `${imports}\nexport default { id: 'own', title: 'Own', params: [], prepare: () => () => {} };`;

describe('a strategy in more files than one', () => {
  it('has nothing of the trial in the variables of what it imports, however it imports it', async () => {
    write('tried/kept.mjs', 'export const module = [];');
    write('tried/kept.cjs', 'module.exports = [];');
    write('tried/kept.json', '[]');
    const file = write(
      'tried/own.mjs',
      `import { createRequire } from 'node:module';
import { module } from './kept.mjs';
import common from './kept.cjs';
const json = createRequire(import.meta.url)('./kept.json');
const all = [module, common, json];
export default {
  id: 'own', get title() { return 'prepared ' + all.map(({ length }) => length); }, params: [],
  prepare: () => { for (const each of all) each.push('trial'); return () => {}; },
};`,
    );
    expect([(await loaded(file)).title, (await loaded(file)).title]).toEqual(['prepared 0,0,0', 'prepared 0,0,0']);
  });

  const b = 'export const fine = 1;\nexport const b = ;';
  it.each([
    ['throws', 'lib/a.mjs', "\nthrow new Error('broken');", 'fails to load: broken (lib/a.mjs line 2)'],
    ['does not parse', 'lib/b.mjs', b, "does not parse: Unexpected token ';' (lib/b.mjs line 2: export const b = ;)"],
    [
      'lacks a name',
      'lib/c.mjs',
      "import { sep, none } from 'node:path';",
      "does not parse: The requested module 'node:path' does not provide an export named 'none' (lib/c.mjs line 1)",
    ],
    [
      'is no CommonJS',
      'lib/d.cjs',
      '\n\nmodule.exports = { ;',
      "does not parse: Unexpected token ';' (lib/d.cjs line 3)",
    ],
  ])('names the file and the line where one that it imports %s', async (_, name, content, message) => {
    write(`wrong/${name}`, content);
    const file = write(`wrong/of-${name.at(4)}.mjs`, strategyOf(`import './between-${name.at(4)}.mjs';`));
    write(`wrong/between-${name.at(4)}.mjs`, `import './${name}';`);
    await expect(loaded(file)).rejects.toThrow(new Error(`${file} ${message}`));
  });
});
