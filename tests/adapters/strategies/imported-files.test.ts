import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { filesInThread } from './files-in-thread.ts';

jest.setTimeout(180_000);

const { folder, loaded, write } = filesInThread();

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** A strategy whose title is made of what it imports. */
const strategyOf = (imports: string, title: string): string =>
  `${imports}\nexport default async () => ({ id: 'own', title: ${title}, params: [], prepare: () => () => {} });`;

describe('a strategy in more files than one', () => {
  it('is its file alone where it imports nothing, whatever of Node it uses', async () => {
    const file = write('alone/own.mjs', strategyOf(`import { basename } from 'node:path';`, `basename('x/Alone')`));
    expect(await loaded(file)).toMatchObject({ title: 'Alone', hash: sha256(file), parts: [] });
  });

  it('is all files that are loaded with it, however they are, and the packages by their versions', async () => {
    write('all/node_modules/averages/package.json', '{ "name": "averages", "version": "1.2.3", "main": "index.js" }');
    write('all/node_modules/averages/index.js', `module.exports = { fast: 4, slow: require('./slow.js') };`);
    write('all/node_modules/averages/slow.js', 'module.exports = 8;');
    const package2 = '{ "name": "@own/levels", "version": "0.1.0", "type": "module", "exports": "./levels.js" }';
    write('all/node_modules/@own/levels/package.json', package2);
    write('all/node_modules/@own/levels/levels.js', 'export const level = 5;');
    const names = ['lib/deep.mjs', 'late.mjs', 'old.cjs', 'older.cjs', 'numbers.json'];
    write('all/lib/deep.mjs', `export { level } from '@own/levels';`);
    write('all/late.mjs', 'export const late = 6;');
    write('all/old.cjs', `module.exports = require('./older.cjs') + require('averages').slow;`);
    write('all/older.cjs', `module.exports = 1;`);
    write('all/numbers.json', '{ "seven": 7 }');
    const imports = `import { createRequire } from 'node:module';
import { level } from './lib/deep.mjs';
import old from './old.cjs';
const { seven } = createRequire(import.meta.url)('./numbers.json');`;
    const title = `[level, (await import('./' + 'late.mjs')).late, old, seven].join(' ')`;
    const file = write('all/own.mjs', strategyOf(imports, title));
    const expected = [
      { name: './own.mjs', version: sha256(file) },
      ...names.map((name) => ({ name: `./${name}`, version: sha256(join(folder, 'all', name)) })),
      { name: '@own/levels', version: '0.1.0' },
      { name: 'averages', version: '1.2.3' },
    ];
    const first = await loaded(file);
    expect(first.title).toBe('5 6 9 7');
    expect(first.parts[0]).toEqual(expected[0]);
    expect(new Set(first.parts)).toEqual(new Set(expected));
    // The same again, in the thread that has all of it in its memory.
    expect(await loaded(file)).toEqual({ ...first, wasAsLoaded: true });
    // And the same elsewhere under another name.
    cpSync(join(folder, 'all'), join(folder, 'moved'), { recursive: true });
    cpSync(join(folder, 'moved/own.mjs'), join(folder, 'moved/renamed.mjs'));
    const moved = await loaded(join(folder, 'moved/renamed.mjs'));
    expect([moved.hash, moved.parts.slice(1)]).toEqual([first.hash, first.parts.slice(1)]);
  });

  it.each([
    [
      'a module',
      'helper.mjs',
      (value: string) => `export const word = '${value}';`,
      `import { word } from './between.mjs';`,
    ],
    [
      'CommonJS',
      'helper.cjs',
      (value: string) => `exports.word = '${value}';`,
      `import { word } from './between.mjs';`,
    ],
  ])(
    'is another one once what it imports has changed, and is loaded as it is then: %s',
    async (kind, helper, of, imports) => {
      const within = `changed-${kind.replace(' ', '-')}`;
      write(`${within}/${helper}`, of('One'));
      write(`${within}/between.mjs`, `export { word } from './${helper}';`);
      const file = write(`${within}/own.mjs`, strategyOf(imports, 'word'));
      const one = await loaded(file);
      write(`${within}/${helper}`, of('Two'));
      const two = await loaded(file);
      write(`${within}/${helper}`, of('One'));
      const again = await loaded(file);
      expect([one.title, two.title, again.title]).toEqual(['One', 'Two', 'One']);
      expect([two.wasAsLoaded, again.wasAsLoaded]).toEqual([false, false]);
      expect(two.hash).not.toBe(one.hash);
      expect(again.hash).toBe(one.hash);
      expect(two.parts.filter(({ version }, i) => version !== one.parts[i]!.version).map(({ name }) => name)).toEqual([
        `./${helper}`,
      ]);
    },
  );

  it('finds nothing of earlier loads in the variables of what it imports', async () => {
    write('counts/count.mjs', 'export let count = 0; export const next = () => String(++count);');
    const file = write('counts/own.mjs', strategyOf(`import { next } from './count.mjs';`, 'next()'));
    expect([(await loaded(file)).title, (await loaded(file)).title]).toEqual(['1', '1']);
  });

  it('is the package that an ES module requires, whoever has loaded it before, and not what that requires', async () => {
    const described = (version: string): string =>
      write('es/node_modules/wide/package.json', `{ "name": "wide", "version": "${version}", "main": "wide.js" }`);
    described('1.0.0');
    write('es/node_modules/wide/wide.js', `module.exports = require('deep');`);
    write('es/node_modules/deep/package.json', '{ "name": "deep", "version": "3.0.0" }');
    write('es/node_modules/deep/index.js', 'module.exports = 1;');
    const requires = `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`;
    const wide = write('es/wide.mjs', strategyOf(requires, `String(require('wide'))`));
    const deep = write('es/deep.mjs', strategyOf(requires, `String(require('deep'))`));
    const partsOf = async (file: string): Promise<unknown> => (await loaded(file)).parts.slice(1);
    expect(await partsOf(wide)).toEqual([{ name: 'wide', version: '1.0.0' }]);
    // In the cache of this thread as a part of wide.
    expect(await partsOf(deep)).toEqual([{ name: 'deep', version: '3.0.0' }]);
    described('1.0.1');
    expect(await partsOf(wide)).toEqual([{ name: 'wide', version: '1.0.1' }]);
  });

  it.each([
    ['in a package itself', 'within/node_modules/@team/mine', '{ "name": "@team/mine", "version": "1.0.0" }', '../lib'],
    ['with modules of no package', 'bare', null, './node_modules/words'],
    ['with a package of no version', 'versionless', '{ "name": "words" }', './node_modules/words'],
  ])('is files that change, and not a package by its version: %s', async (_, within, described, lib) => {
    const path = join(within, 'strategies', lib);
    if (described !== null) write(join(lib === '../lib' ? within : path, 'package.json'), described);
    const names = ['one.mjs', 'two.cjs'].map((name) => `${lib}/${name}`);
    const saying = (word: string): void => {
      write(join(path, 'one.mjs'), `export const one = '${word}';`);
      write(join(path, 'two.cjs'), `exports.two = '${word}';`);
    };
    const imports = `import { one } from '${names[0]}';\nimport { two } from '${names[1]}';`;
    const file = write(join(within, 'strategies/own.mjs'), strategyOf(imports, 'one + two'));
    saying('A');
    const before = await loaded(file);
    saying('B');
    const after = await loaded(file);
    expect([before.title, after.title, after.wasAsLoaded]).toEqual(['AA', 'BB', false]);
    expect(after.parts.map(({ name }) => name)).toEqual(['./own.mjs', ...names]);
    expect(after.parts.slice(1).map(({ version }) => version)).toEqual(
      ['one.mjs', 'two.cjs'].map((name) => sha256(join(folder, path, name))),
    );
    expect(after.hash).not.toBe(before.hash);
  });

  it('is what is imported by a module whose text is its address', async () => {
    const helper = write('data/helper.mjs', `export const word = 'One';`);
    const text = encodeURIComponent(`export { word } from ${JSON.stringify(pathToFileURL(helper).href)};`);
    const inner = `data:text/javascript,${text}`;
    const outer = `data:text/javascript,${encodeURIComponent(`export { word } from '${inner}';`)}#outer`;
    const file = write('data/own.mjs', strategyOf(`import { word } from ${JSON.stringify(outer)};`, 'word'));
    const one = await loaded(file);
    write('data/helper.mjs', `export const word = 'Two';`);
    const two = await loaded(file);
    expect([one.title, two.title]).toEqual(['One', 'Two']);
    expect(two.parts[1]).toEqual({ name: './helper.mjs', version: sha256(helper) });
  });

  it('is no longer what it no longer requires, which is not run again', async () => {
    const runs = join(folder, 'dropped/runs.txt');
    write('dropped/old.cjs', `require('node:fs').appendFileSync(${JSON.stringify(runs)}, 'x'); exports.word = 'Old';`);
    const file = write('dropped/own.mjs', strategyOf(`import { word } from './old.cjs';`, 'word'));
    expect((await loaded(file)).parts).toHaveLength(2);
    const before = readFileSync(runs, 'utf8');
    write('dropped/own.mjs', strategyOf('', `'New'`));
    expect(await loaded(file)).toMatchObject({ title: 'New', hash: sha256(file), parts: [] });
    expect(readFileSync(runs, 'utf8')).toBe(before);
  });

  it('may require what a module passes on from others, also once that is loaded anew', async () => {
    write('passed/deep.cjs', `exports.word = 'Deep';`);
    write('passed/on.cjs', `module.exports = require('./deep.cjs');`);
    const file = write(
      'passed/own.mjs',
      strategyOf(`import { word } from './on.cjs';\nimport deep from './deep.cjs';`, 'word + deep.word'),
    );
    const first = await loaded(file);
    expect(first.title).toBe('DeepDeep');
    expect(await loaded(file)).toEqual({ ...first, wasAsLoaded: true });
  });

  it('may be missing one', async () => {
    const file = write('missing/own.mjs', strategyOf(`import { a } from './none.mjs';`, 'a'));
    await expect(loaded(file)).rejects.toThrow(/own\.mjs fails to load: Cannot find module/);
  });
});
