import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { barsOf, writeBars } from '../../helpers/bars-file.ts';
import { type CheatingStrategy, writeCheat } from '../../helpers/cheating-strategies.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { tradewind } from '../command-line.ts';

jest.setTimeout(120_000);

const BARS = 1_500;
const folder = tempFolder();

function writeSpec(name: string, strategy: object, more: object = {}): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ data: barsOf('bars.csv'), strategy, ...more }));
  return path;
}

async function check(spec: string) {
  const { exitCode, stdout } = await tradewind('backtest', 'check', '--local', '--spec', spec, '--json');
  return { exitCode, document: JSON.parse(stdout) };
}

const BOTH = { data: ['ONE', 'TWO'].map((symbol) => ({ ...barsOf(`${symbol}.csv`), symbol })) };

beforeAll(() => {
  const path = writeBars(join(folder, 'bars.csv'), BARS);
  writeBars(join(folder, 'ONE.csv'), BARS);
  // The second symbol has no bar in one minute out of three, and other prices.
  const rows = readFileSync(path, 'utf8').trim().split('\n');
  const dearer = rows.map((row, i) => {
    if (i === 0) return row;
    const [time, ...values] = row.split(',');
    return [time, ...values.map((value) => Number(value) + 7)].join(',');
  });
  writeFileSync(join(folder, 'TWO.csv'), dearer.filter((_, i) => i === 0 || i % 3 !== 0).join('\n'));
});

describe('backtest check --local', () => {
  it.each<[CheatingStrategy, string, object]>([
    ['stashes.mjs', 'ends early', {}],
    ['hoards-columns.mjs', 'ends early', {}],
    ['spares-losses.mjs', 'ends early', {}],
    ['lowest.mjs', 'ends early', {}],
    ['falls-over.mjs', 'ends early', {}],
    ['stashes-other.mjs', 'ends early', BOTH],
  ])('catches %s', async (name, _, more) => {
    const { exitCode, document } = await check(writeSpec(`${name}.json`, { file: writeCheat(folder, name) }, more));
    expect(exitCode).toBe(6);
    expect(document.lookAhead).toMatchObject({
      clean: false,
      repeatable: true,
      difference: expect.stringContaining('it looks ahead'),
      first: { bar: expect.any(Number), time: expect.any(String) },
    });
  });

  it('names the first bar at which it looked ahead, as the data count it', async () => {
    // It orders at each tenth bar unless the next close is lower: the first of them from bar 1000 on, by the file itself.
    const closes = readFileSync(join(folder, 'bars.csv'), 'utf8').trim().split('\n').slice(1);
    const close = (bar: number): number => Number(closes[bar]!.split(',')[4]);
    let first = 1_000;
    while (close(first + 1) >= close(first)) first += 10;
    const from = new Date(Date.UTC(2024, 0, 1) + 1_000 * 60_000).toISOString();
    const spec = writeSpec('place.json', { file: writeCheat(folder, 'spares-losses.mjs') }, { from });
    const { document } = await check(spec);
    expect(document.lookAhead.first).toEqual({
      bar: first,
      time: new Date(Date.UTC(2024, 0, 1) + first * 60_000).toISOString(),
      symbol: 'TEST',
      withLaterBars: null,
      withoutThem: 'buy TEST',
      fields: [],
    });
  });

  it.each<[CheatingStrategy]>([['counts-on.mjs'], ['draws.mjs']])(
    'does not call %s a look ahead: two runs on the same bars differ',
    async (name) => {
      const { exitCode, document } = await check(writeSpec(`${name}.json`, { file: writeCheat(folder, name) }));
      expect(exitCode).toBe(6);
      expect(document.lookAhead).toMatchObject({
        clean: false,
        repeatable: false,
        difference: expect.stringContaining('two runs on the same bars'),
      });
    },
  );

  it('finds nothing in an honest strategy, of one symbol and of two', async () => {
    const strategy = { file: writeCheat(folder, 'honest.mjs') };
    const broker = { fill: 'close', finalize: true };
    const { exitCode, document } = await check(writeSpec('honest.json', strategy, { ...BOTH, broker }));
    expect(document.lookAhead).toMatchObject({ clean: true, repeatable: true, first: null, difference: null });
    expect(exitCode).toBe(0);
    expect(document.lookAhead.orders).toBeGreaterThan(50);
    expect(document.lookAhead.checked).toBeGreaterThan(500);
  });

  it('finds nothing in the examples', async () => {
    const examples = resolve('examples/strategies');
    for (const name of readdirSync(examples)) {
      const { document } = await check(writeSpec(`${name}.json`, { file: join(examples, name) }));
      expect([name, document.lookAhead.difference]).toEqual([name, null]);
    }
  });

  it('tells how much of an average still depends on where the data begin', async () => {
    // An EMA of 20 begins as a mean of 20 closes at bar 19, and forgets it by 19/21 at each bar: after 120 more bars 0.000006 of it is left.
    const { document } = await check(writeSpec('ema.json', { id: 'ema-cross', params: { fast: 5, slow: 20 } }));
    const { warmUp } = document;
    expect(warmUp).toMatchObject({ tolerance: 0.001, sufficient: false, symbols: [{ symbol: 'TEST' }] });
    const [symbol] = warmUp.symbols;
    expect(symbol.maxRelativeChange).toBeGreaterThan(0.001);
    expect(symbol.sufficientHistory).toBeGreaterThan(symbol.history);
    expect(symbol.sufficientHistory).toBeLessThanOrEqual(160);
    // With a day of history before the first traded bar nothing is left of it.
    const from = new Date(Date.UTC(2024, 0, 1) + 1_000 * 60_000).toISOString();
    const later = await check(writeSpec('later.json', { id: 'ema-cross', params: { fast: 5, slow: 20 } }, { from }));
    expect(later.document.warmUp).toMatchObject({ sufficient: true, symbols: [{ history: 1_000 }] });
  });

  it('writes it for people, too', async () => {
    const cheat = writeSpec('people.json', { file: writeCheat(folder, 'stashes.mjs') });
    const { exitCode, stdout } = await tradewind('backtest', 'check', '--local', '--spec', cheat);
    expect(exitCode).toBe(6);
    expect(stdout).toMatch(/stashes\.mjs: NOT CLEAN \([\d,]+ bars, [\d,]+ orders, data cut off \d+ times\)/);
    expect(stdout).toMatch(/at bar \d+ of TEST .* the strategy decides "buy TEST" when there are later bars/);
  });

  it('refuses orders that were decided elsewhere', async () => {
    const { exitCode, document } = await check(writeSpec('orders.json', { orders: 'bar,type\n10,cancel\n' }));
    expect([exitCode, document.code]).toEqual([2, 'INVALID_SPEC']);
  });
});
