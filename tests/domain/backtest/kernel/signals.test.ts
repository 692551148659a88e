import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ColumnStore } from '../../../../domain/backtest/kernel/column-store.ts';
import { compileSignals } from '../../../../domain/backtest/kernel/signal-program.ts';
import { allocateSignals } from '../../../../domain/backtest/kernel/signal-runs.ts';
import { bindPrograms, SignalScanner } from '../../../../domain/backtest/kernel/signal-tile.ts';
import type { Indicator } from '../../../../domain/indicators/indicator.ts';
import { allocateCandles, type Candles } from '../../../../domain/market/candles.ts';
import { indicator, price } from '../../../../domain/strategies/line-builders.ts';
import { LineBoard } from '../../../../domain/strategies/lines/line-board.ts';
import { RuleSignals } from '../../../../domain/strategies/rule-signals.ts';
import type { Condition, Operand, Rules } from '../../../../domain/strategies/rules.ts';

const BARS = 60;
const ALL_BITS = 15;

/** Prices of few values, so that lines meet, touch and stay equal all the time. */
function coarseCandles(closes: readonly number[], opens: readonly number[]): Candles {
  const candles = allocateCandles('COARSE', '1h', closes.length);
  closes.forEach((close, i) => {
    const open = opens[i]!;
    candles.time[i] = i * 3_600_000;
    candles.open[i] = open;
    candles.close[i] = close;
    candles.high[i] = Math.max(open, close);
    candles.low[i] = Math.min(open, close);
    candles.volume[i] = 1;
  });
  return candles;
}

/** Bits bar by bar, as the strategy asks for them in the event engine. */
function askedBits(rules: Rules, candles: Candles): readonly number[] {
  const board = new LineBoard(candles);
  const signals = new RuleSignals(rules, (spec) => board.lines.line(spec));
  return Array.from({ length: candles.length }, (_, bar) => {
    board.moveTo(bar);
    return signals.at(bar);
  });
}

/** The same from the kernel, from bar `start` on, in tiles. */
function scannedBits(rules: readonly Rules[], candles: Candles, start: number, tileBars: number): readonly number[][] {
  const store = new ColumnStore(candles, { maxBytes: 1e9 });
  const programs = rules.map((each) => compileSignals(each, store));
  const bound = bindPrograms(programs, store.columns(programs.flatMap(({ columnIds }) => columnIds)), start);
  const scanner = new SignalScanner(tileBars, ALL_BITS);
  const signals = allocateSignals(tileBars);
  const bits = rules.map(() => Array.from({ length: candles.length }, () => 0));
  for (let tile = start; tile < candles.length; tile += tileBars) {
    const end = Math.min(tile + tileBars, candles.length);
    bound.forEach((program, p) => {
      scanner.scan(program, tile, end, signals);
      for (let k = 0; k < signals.count; k++) {
        const runEnd = k + 1 < signals.count ? signals.bars[k + 1]! : end;
        bits[p]!.fill(signals.bits[k]!, signals.bars[k], runEnd);
      }
    });
  }
  return bits;
}

/** The close, NaN at bars that close at 1: a series that ends and begins again. */
const gappy: Indicator = {
  name: 'GAPPY',
  title: 'Close with gaps',
  params: [],
  inputs: ['close'],
  outputs: ['value'],
  lookback: () => 0,
  compute: ([close], _, [value]) => close!.forEach((each, i) => (value![i] = each === 1 ? Number.NaN : each)),
  stream: () => ({ next: () => undefined }),
};

const operands: fc.Arbitrary<Operand> = fc.oneof(
  fc.constantFrom<Operand>(price('close'), price('open'), price('close', { shift: 2 }), 2, 3),
  fc.integer({ min: 2, max: 5 }).map((period) => indicator('SMA', { period })),
  fc.constantFrom<Operand>(
    indicator('SMA', { period: 3 }, { shift: 1 }),
    indicator('SMA', { period: 2 }, { timeframe: '4h' }),
    indicator(gappy),
    indicator(gappy, {}, { shift: 1 }),
    indicator('SMA', { period: 2 }, { of: indicator('SMA', { period: 3 }) }),
  ),
);

const { condition: conditions } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    fc.record({
      kind: fc.constantFrom('above' as const, 'below' as const, 'crossed-above' as const, 'crossed-below' as const),
      a: operands,
      b: operands,
    }),
    fc.constant<Condition>({ kind: 'always' }),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('condition'), { maxLength: 3 }),
    }),
  ),
}));

const rulesOf: fc.Arbitrary<Rules> = fc.record(
  { enterLong: conditions, exitLong: conditions, enterShort: conditions, exitShort: conditions },
  { requiredKeys: [] },
);

const prices = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: BARS, maxLength: BARS });

it('sees at every bar what the conditions say when they are asked bar by bar, in tiles of any length from any bar on', () => {
  fc.assert(
    fc.property(
      prices,
      prices,
      fc.array(rulesOf, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: BARS }),
      (closes, opens, rules, start, tileBars) => {
        const candles = coarseCandles(closes, opens);
        const scanned = scannedBits(rules, candles, start, tileBars);
        rules.forEach((each, p) => {
          expect(scanned[p]!.slice(start)).toEqual(askedBits(each, candles).slice(start));
        });
      },
    ),
    { numRuns: 400 },
  );
});

it('finds one relation where lines are compared in both directions, and one step where a condition is named twice', () => {
  const store = new ColumnStore(coarseCandles([1, 2, 3], [1, 2, 3]), { maxBytes: 1e9 });
  const [fast, slow] = [indicator('SMA', { period: 2 }), indicator('SMA', { period: 3 })];
  const rises: Condition = { kind: 'crossed-above', a: fast, b: slow };
  const program = compileSignals(
    {
      enterLong: rises,
      exitShort: { kind: 'crossed-below', a: slow, b: fast },
      exitLong: { kind: 'all', of: [rises, rises] },
    },
    store,
  );
  expect(program.relations).toHaveLength(1);
  expect(program.steps).toHaveLength(1);
  expect(program.roots).toEqual([0, 0, -1, 0]);
  expect(program.warmUp).toBe(2);
});
