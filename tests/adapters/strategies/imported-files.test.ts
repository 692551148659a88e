import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { ThreadPool } from '../../../adapters/threads/thread-pool.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import type { Told } from './loading-thread.ts';

jest.setTimeout(180_000);

const folder = tempFolder();
// One thread for all, so that what it keeps of one load would be found by the next.
const pool = new ThreadPool({
  code: { path: './loading-thread', besides: import.meta.url },
  threads: 1,
  maxHeapMb: 256,
});
afterAll(() => pool.close());

const loaded = async (file: string): Promise<Told> =>
  (await pool.run(file, { kill: new AbortController().signal, keepThread: true })) as Told;

function write(name: string, content: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

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

  it('may be missing one', async () => {
    const file = write('missing/own.mjs', strategyOf(`import { a } from './none.mjs';`, 'a'));
    await expect(loaded(file)).rejects.toThrow(/own\.mjs fails to load: Cannot find module/);
  });
});
