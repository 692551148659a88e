import { readFileSync } from 'node:fs';
import { testData } from '../../helpers/test-data.ts';

const GOOG = 'backtesting/bars/GOOG_1d_2004-2013.csv';

/** Rows of a CSV of the test data by column name. */
export function readRows(path: string): readonly Readonly<Record<string, string>>[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

const closes = (): readonly number[] => readRows(testData(GOOG)).map((row) => Number(row['close']));

/** Bars at which the mean of the last `fast` closes crosses that of the last `slow`: 1 upwards, -1 downwards. None of our own code takes part. */
function crosses(fast: number, slow: number): ReadonlyMap<number, 1 | -1> {
  const prices = closes();
  const sums = [0];
  for (const price of prices) sums.push(sums.at(-1)! + price);
  const mean = (bar: number, window: number): number => (sums[bar + 1]! - sums[bar + 1 - window]!) / window;
  const found = new Map<number, 1 | -1>();
  for (let bar = slow; bar < prices.length; bar += 1) {
    const before = mean(bar - 1, fast) - mean(bar - 1, slow);
    const now = mean(bar, fast) - mean(bar, slow);
    if (before < 0 && now > 0) found.set(bar, 1);
    if (before > 0 && now < 0) found.set(bar, -1);
  }
  return found;
}

const HEADER = 'bar,side,type,price,sl,tp,size';
const text = (rows: readonly string[]): string => [HEADER, ...rows].join('\n');
const sideOf = (cross: 1 | -1): string => (cross > 0 ? 'buy' : 'sell');

function rowsAt(fast: number, slow: number, row: (bar: number, cross: 1 | -1) => readonly string[]): string {
  return text([...crosses(fast, slow)].flatMap(([bar, cross]) => row(bar, cross)));
}

/** Entries of the case with stops happened only while flat: their bars are those before the entries of the reference's trades. */
function bracketOrders(name: string): string {
  const prices = closes();
  return text(
    readRows(testData(`backtesting/golden/btpy_trades_${name}.csv`))
      .map((trade) => ({ bar: Number(trade['EntryBar']) - 1, side: Math.sign(Number(trade['Size'])) as 1 | -1 }))
      .toSorted((a, b) => a.bar - b.bar)
      .map(({ bar, side }) => {
        const price = prices[bar]!;
        return `${bar},${sideOf(side)},market,,${price * (1 - side * 0.05)},${price * (1 + side * 0.1)},0.5`;
      }),
  );
}

/** The five cases of backtesting.py as specs: orders as CSV, and the broker's settings. */
export const GOLDEN_CASES = [
  {
    name: 'goog_rev_10_20_c002_excl',
    broker: { commission: 0.002, exclusive: true },
    orders: () => rowsAt(10, 20, (bar, cross) => [`${bar},${sideOf(cross)},market,,,,`]),
  },
  {
    name: 'goog_closerev_10_30_fin',
    broker: { finalize: true },
    orders: () => rowsAt(10, 30, (bar, cross) => [`${bar},,close,,,,`, `${bar},${sideOf(cross)},market,,,,`]),
  },
  {
    name: 'goog_long_10_50_c001_fin',
    broker: { commission: 0.001, finalize: true },
    orders: () => rowsAt(10, 50, (bar, cross) => [cross > 0 ? `${bar},buy,market,,,,` : `${bar},,close,,,,`]),
  },
  {
    name: 'goog_long_10_50_spread001_toc',
    broker: { spread: 0.001, fill: 'close', finalize: true },
    orders: () => rowsAt(10, 50, (bar, cross) => [cross > 0 ? `${bar},buy,market,,,,` : `${bar},,close,,,,`]),
  },
  {
    name: 'goog_sltp_10_20_c001',
    broker: { commission: 0.001, finalize: true },
    orders: () => bracketOrders('goog_sltp_10_20_c001'),
  },
] as const;

/** The spec of a case; its orders are in a file beside it. */
export function specOf({ broker }: (typeof GOLDEN_CASES)[number], ordersFile: string) {
  return {
    data: { file: testData(GOOG), symbol: 'GOOG', timeframe: '1d', stamp: 'open' },
    calendar: 'sessions',
    strategy: { orders: ordersFile },
    // What backtesting.py takes when no size is said.
    sizing: { kind: 'cashShare', value: 1 - 2 ** -52 },
    broker: { cash: 10_000, wholeUnits: true, ...broker },
  };
}
