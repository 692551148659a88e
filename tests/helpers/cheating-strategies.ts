import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An indicator that says the close, honestly, and keeps what it was given where the strategy finds it. */
const STASH = (keep: string): string => `
const kept = { column: new Float64Array(0), bySize: new Map() };
const stash = {
  name: 'STASH', title: 'Stash', params: [], inputs: ['close'], outputs: ['value'],
  lookback: () => 0,
  compute: ([close], _params, [out]) => {
    out.set(close);
    ${keep}
  },
  stream: () => ({ next: (inputs, outputs) => { outputs[0] = inputs[0]; } }),
};
`;

const BOOK = (prepare: string): string => `export default {
  id: 'own', title: 'Own', params: [],
  prepare: (lines) => {
    ${prepare}
  },
};
`;

/** Buys and sells by turns when the next close, as the column has it, is higher or lower. */
const BY_NEXT = BOOK(`lines.indicator(stash);
    return (context) => {
      const now = context.bar.close.now;
      const next = kept.column[context.bar.index + 1];
      if (next > now && context.position.size === 0) context.buy();
      else if (next < now && context.position.size > 0) context.close();
    };`);

/** Strategies that know what they cannot know, and some that only look so. */
const FILES = {
  /** Reads the bar after the current one. */
  'stashes.mjs': STASH('kept.column = close;') + BY_NEXT,
  /** The same, and what it keeps is the longest column that it was ever given: a shorter one takes nothing away again. */
  'hoards-columns.mjs': STASH('if (close.length > kept.column.length) kept.column = close.slice();') + BY_NEXT,
  /** Trades every tenth bar, but for those after which the price falls: where the data end it trades. */
  'spares-losses.mjs':
    STASH('kept.column = close;') +
    BOOK(`lines.indicator(stash);
    return (context) => {
      const { index } = context.bar;
      if (index % 10 === 5 && context.position.size > 0) return context.close();
      if (index % 10 !== 0) return;
      if (kept.column[index + 1] < context.bar.close.now) return;
      context.buy();
    };`),
  /** Places its limit at the lowest close of all. */
  'lowest.mjs':
    STASH('kept.column = close;') +
    BOOK(`lines.indicator(stash);
    return (context) => {
      if (context.bar.index % 50 === 0) context.buy({ limit: Math.min(...kept.column), goodForBars: 49 });
    };`),
  /** Falls over what is not there at the end of the data. */
  'falls-over.mjs':
    STASH('kept.column = Array.from(close);') +
    BOOK(`lines.indicator(stash);
    return (context) => {
      if (context.bar.index < 250 && context.bar.index % 20 === 0 && kept.column[context.bar.index + 1].toFixed(2) > 100) context.buy();
    };`),
  /** Orders for the second symbol by the next close of that symbol. */
  'stashes-other.mjs':
    STASH('kept.bySize.set(close[0], close);') +
    BOOK(`lines.indicator(stash);
    return (context) => {
      if (context.symbol !== 'ONE') return;
      const other = context.market('TWO');
      const { index } = other.bar;
      const column = [...kept.bySize.values()].find((each) => each[index] === other.bar.close.now);
      if (index % 7 === 0 && column?.[index + 1] > other.bar.close.now) other.buy({ size: 1 });
      else if (other.position.size > 0) other.close();
    };`),
  /** No look ahead, but counts its bars over all runs. */
  'counts-on.mjs': `let asked = 0;
${BOOK(`return (context) => {
      asked += 1;
      if (asked % 7 === 0) context.buy({ size: 1 });
      else if (asked % 7 === 3 && context.position.size > 0) context.close();
    };`)}`,
  'draws.mjs': BOOK(`return (context) => {
      if (Math.random() < 0.1) context.buy({ size: 1 });
    };`),
  /** Uses whatever a strategy may: orders of every kind, what it remembers, another symbol. */
  'honest.mjs': BOOK(`const average = lines.indicator('EMA', { period: 20 });
    let entries = 0;
    return (context) => {
      const { bar, position } = context;
      if (position.size > 0 && position.barsHeld === 3) context.protect({ stopLoss: bar.close.now * 0.98 });
      if (position.size > 0 && position.barsHeld > 10) return context.close(1, 'time');
      if (bar.index % 9 === 0) context.cancelOrders();
      if (bar.close.now < average.now && position.size === 0) {
        entries += 1;
        context.buy({ limit: bar.low.now, size: { kind: 'equityShare', value: 0.1 + (entries % 3) / 10 }, tag: 'dip' });
      }
      if (context.symbol === 'ONE' && bar.index % 13 === 0) context.market('TWO').buy({ size: 1 });
    };`),
} as const;

export type CheatingStrategy = keyof typeof FILES;

/** Writes one of them to a folder and gives its path. */
export function writeCheat(folder: string, name: CheatingStrategy): string {
  const path = join(folder, name);
  writeFileSync(path, FILES[name]);
  return path;
}
