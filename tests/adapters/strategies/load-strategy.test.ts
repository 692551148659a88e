import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadStrategy } from '../../../adapters/strategies/load-strategy.ts';
import { randomBars } from '../../../domain/strategies/checks/random-bars.ts';
import { decisionsOf } from '../../domain/strategies/decisions-of.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();
let files = 0;

/** A file outside of the project with that content. */
function fileWith(content: string): string {
  files += 1;
  const file = join(folder, `own-${files}.mjs`);
  writeFileSync(file, content);
  return file;
}

const plain = (fields: string): string =>
  fileWith(`export default { id: 'own', title: 'Own', params: [], prepare: () => () => {}, ${fields} };`);

const refusalOf = async (file: string): Promise<string> =>
  loadStrategy(file).then(
    () => 'not refused',
    (error: Error) => error.message,
  );

describe('a strategy file', () => {
  it('may export a strategy as it is', async () => {
    const file = plain('');
    const strategy = await loadStrategy(file);
    expect([strategy.id, strategy.title, strategy.params, strategy.rules]).toEqual(['own', 'Own', [], undefined]);
    expect(strategy.check?.({})).toEqual([]);
  });

  it('may say what its warm-up rises with, by names of its parameters', async () => {
    const params = `[{ name: 'n', kind: 'integer', title: 'N', min: 1, max: 9, default: 2 }]`;
    const saying = (what: string): string =>
      fileWith(
        `export default { id: 'own', title: 'Own', params: ${params}, prepare: () => () => {}, warmUpRisesWith: ${what} };`,
      );
    expect((await loadStrategy(saying(`['n']`))).warmUpRisesWith).toEqual(['n']);
    expect((await loadStrategy(saying(`'all'`))).warmUpRisesWith).toBe('all');
    expect(await refusalOf(saying(`['m']`))).toContain(`warmUpRisesWith is a list: give 'all' or a list of names`);
  });

  it.each(['rsi-dip', 'efficient-trend'])(
    'may build one of the toolkit, as examples/strategies/%s.mjs does',
    async (id) => {
      const strategy = await loadStrategy(`examples/strategies/${id}.mjs`);
      expect(strategy.id).toBe(id);
      expect(strategy.rules === undefined).toBe(id !== 'rsi-dip');
      expect(decisionsOf(strategy, randomBars(1_000, 3)).length).toBeGreaterThan(0);
    },
  );

  it('may be the one that docs/strategies.md shows', async () => {
    const code = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/strategies.md', 'utf8'))?.[1];
    const strategy = await loadStrategy(fileWith(code ?? ''));
    expect([strategy.id, strategy.params.length]).toEqual(['dip', 7]);
    expect(decisionsOf(strategy, randomBars(1_000, 3)).length).toBeGreaterThan(0);
  });

  it('may make it of a class, whose methods keep their object', async () => {
    const file = fileWith(`
      class Own {
        id = 'own'; title = 'Own'; params = []; above = 50;
        prepare(lines) {
          const close = lines.price('close');
          return (context) => { if (close.now > this.above) context.buy(); };
        }
      }
      export default async () => new Own();`);
    expect(decisionsOf(await loadStrategy(file), randomBars(2, 1)).length).toBe(2);
  });

  it('has nothing in its variables of the trial with its defaults', async () => {
    const file = fileWith(`
      let own;
      export default {
        id: 'own', title: 'Own', params: [{ name: 'units', kind: 'number', title: 'U', min: 0, max: 9, default: 1 }],
        prepare: (lines, { units }) => { own ??= units; return (context) => context.buy({ size: own }); },
      };`);
    const sizes: unknown[] = [];
    const context = { buy: (order: { readonly size: number }) => sizes.push(order.size) };
    const strategy = await loadStrategy(file);
    strategy.prepare({} as never, { units: 7 })(context as never);
    expect(sizes).toEqual([7]);
  });

  it('is refused when it changes while it is being loaded', async () => {
    const file = fileWith(`
      import { appendFileSync } from 'node:fs';
      import { fileURLToPath } from 'node:url';
      export default {
        id: 'own', title: 'Own', params: [],
        prepare: () => { appendFileSync(fileURLToPath(import.meta.url), ' '); return () => {}; },
      };`);
    expect(await refusalOf(file)).toBe(
      `${file}, or a file that it imports, has changed while it was being loaded: try again`,
    );
  });

  it('is known by its content, and loaded anew when that changes', () => {
    const contentOf = (title: string): string =>
      `export default { id: 'own', title: '${title}', params: [], prepare: () => () => {} };`;
    // In a process of its own, because the module loader of the tests keeps what it has read of a file.
    const program = `
      import { writeFileSync } from 'node:fs';
      import { loadStrategy } from './adapters/strategies/load-strategy.ts';
      const [file, content] = process.argv.slice(-2);
      const first = await loadStrategy(file);
      writeFileSync(file, content);
      const both = [first, await loadStrategy(file)];
      console.log(JSON.stringify(both.map(({ title, hash }) => ({ title, hash }))));`;
    const args = [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      program,
      fileWith(contentOf('One')),
      contentOf('Two'),
    ];
    const printed: unknown = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex');
    expect(printed).toEqual(['One', 'Two'].map((title) => ({ title, hash: hashOf(contentOf(title)) })));
  });
});

describe('a file that cannot be used', () => {
  it('is missing, a folder, or no module', async () => {
    expect(await refusalOf(join(folder, 'none.mjs'))).toBe(
      `${join(folder, 'none.mjs')} cannot be read: there is no such file`,
    );
    mkdirSync(join(folder, 'folder.mjs'));
    expect(await refusalOf(join(folder, 'folder.mjs'))).toContain('cannot be read: it is a folder');
    expect(await refusalOf('package.json')).toBe(
      `${resolve('package.json')} is no .mjs file: give a JavaScript module`,
    );
  });

  it('does not parse: the line is named', async () => {
    const message = await refusalOf(fileWith(`export default {\n  id: 'own',\n  title 'Own',\n};\n`));
    expect(message).toContain('does not parse');
    expect(message).toContain(`(line 3: title 'Own',)`);
  });

  it.each<[string, string, string]>([
    ['throws while it loads', `\nnull.x;`, 'fails to load: Cannot read properties of null'],
    ['imports what is not there', `import './none.mjs';`, 'Cannot find module'],
    [
      'throws in its function',
      `export default () => { throw new Error('ha'); };`,
      'its default function throws: ha (line 1)',
    ],
    ['exports nothing', `const a = 1;`, 'has no default export (it exports nothing): write "export default ..."'],
    ['exports by name only', `export const strategy = {};`, 'has no default export (it exports strategy)'],
    ['exports a number', `export default 5;`, 'exports no usable strategy: it is 5: give an object'],
    ['returns nothing', `export default () => {};`, 'exports no usable strategy: it is missing: give an object'],
  ])('%s', async (_, content, message) => {
    expect(await refusalOf(fileWith(content))).toContain(message);
  });

  it('has several wrong fields, which are all named', async () => {
    const file = fileWith(`export default { id: 'My Strategy', params: {}, prepare: 5, check: 1, rules: 'x' };`);
    expect((await refusalOf(file)).split('; ').map((part) => part.split(': ').at(-2))).toEqual([
      expect.stringContaining('id is "My Strategy"'),
      'title is missing',
      'params is an object',
      'prepare is 5',
      'check is 1',
      'rules is "x"',
    ]);
  });

  it.each<[string, string]>([
    [`id: 'sma-cross'`, 'id is "sma-cross", which one of the strategies here already has'],
    [`id: ''`, 'id is "": give a name'],
    [`params: [5]`, 'params[0]: it is 5: give {name, kind, title, min, max, default}'],
    [`params: [{ kind: 'number' }]`, 'params[0]: name is missing'],
    [`params: [{ name: 'a', kind: 'text' }]`, 'params[0]: kind of "a" is "text": give "integer" or "number"'],
    [`params: [{ name: 'a', kind: 'number' }]`, 'params[0]: title of "a" is missing'],
    [`params: [{ name: 'a', kind: 'number', title: 'A', min: 2, max: 1 }]`, 'min and max of "a" have to be numbers'],
    [
      `params: [{ name: 'a', kind: 'number', title: 'A', min: 0, max: 1 }]`,
      'default of "a" is missing: give a number from 0',
    ],
    [
      `params: [{ name: 'a', kind: 'integer', title: 'A', min: 0, max: 1, default: 0.5 }]`,
      'default of "a" is 0.5: give a whole number from 0 to 1, or null to require it',
    ],
    [
      `params: ['x', 'x'].map((name) => ({ name, kind: 'number', title: 'A', min: 0, max: 1, default: 0 }))`,
      'params[1]: there is a second "x"',
    ],
    [`check: () => 5`, 'check has to return a list of problems'],
    [`check: () => [{ field: 'a', message: 'too large' }]`, 'its own defaults do not pass its check: a: too large'],
    [
      `prepare: () => 5`,
      'prepare throws: prepare has to return a function that is asked at each bar, it returned number',
    ],
    [`prepare: (lines) => lines.indicator('SMAA')`, 'prepare throws: unknown indicator "SMAA": did you mean "SMA"?'],
    [`prepare: (lines) => lines.price('close', { shift: -1 })`, 'prepare throws: shift = -1: give a whole number'],
    [`rules: () => null`, 'rules returns null: give an object'],
    [`rules: () => ({ enterLong: 5 })`, 'enterLong of its rules is no condition'],
    [
      `rules: () => ({ enterLong: { kind: 'above', a: { kind: 'price', name: 'open' }, b: 5 } })`,
      'prepare and rules have to be one strategy, but only one of them reads open: make it with ruleStrategy',
    ],
  ])('has %s', async (fields, message) => {
    expect(await refusalOf(plain(fields))).toContain(message);
  });

  it('tries one whose required parameters fit together, and leaves one alone whose do not', async () => {
    const required = `params: [{ name: 'a', kind: 'number', title: 'A', min: 3, max: 9, default: null }]`;
    expect(await refusalOf(plain(`${required}, prepare: (_, { a }) => { throw new Error('a is ' + a); }`))).toContain(
      'prepare throws: a is 3',
    );
    const strategy = await loadStrategy(
      plain(`${required}, check: ({ a }) => (a < 4 ? [{ field: 'a', message: 'm' }] : [])`),
    );
    expect(strategy.check?.({ a: 3 })).toEqual([{ field: 'a', message: 'm' }]);
  });
});

describe("a user's own indicator", () => {
  const withIndicator = (name: string, compute: string): string =>
    fileWith(`
      const own = {
        name: '${name}', title: 'Own', params: [], inputs: ['close'], outputs: ['value'], lookback: () => 0,
        compute([close], _, [out]) { for (let i = 0; i < close.length; i++) out[i] = ${compute}; },
        stream: () => ({ next: ([close], out) => { out[0] = close; } }),
      };
      export default {
        id: 'own', title: 'Own', params: [],
        prepare: (lines) => { lines.indicator('SMA', {}, { of: { kind: 'indicator', indicator: own, params: {}, output: 0 } }); return () => {}; },
      };`);

  it('is refused with the bar at which it looks ahead, even inside another line', async () => {
    const message = await refusalOf(withIndicator('OWN', 'close[Math.min(i + 1, close.length - 1)]'));
    expect(message).toMatch(
      /its indicator OWN looks ahead: "value" at bar 0 is [\d.]+ when the data end after 1 bars, and [\d.]+/,
    );
  });

  it('is refused when it throws, or has the name of one that is here', async () => {
    expect(await refusalOf(withIndicator('OWN', 'none[i]'))).toContain(
      'its indicator OWN throws: none is not defined (line 4)',
    );
    expect(await refusalOf(withIndicator('RSI', 'close[i]'))).toContain('there is an indicator "RSI" already');
  });

  it('is taken when it keeps to the past', async () => {
    expect((await loadStrategy(withIndicator('OWN', 'close[i]'))).id).toBe('own');
  });
});
