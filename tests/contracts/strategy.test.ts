import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { detectLookAhead } from '../../domain/backtest/analysis/look-ahead.ts';
import { runBacktest } from '../../domain/backtest/engine/run-backtest.ts';
import type { BacktestRun } from '../../domain/backtest/run.ts';
import { DEFAULT_BROKER } from '../../domain/backtest/settings.ts';
import type { Indicator } from '../../domain/indicators/indicator.ts';
import { type Candles, sliceCandles } from '../../domain/market/candles.ts';
import { completeParams, type ParamSpec } from '../../domain/parameters/param-spec.ts';
import { declaredLines, linesOfRules } from '../../domain/strategies/checks/declared-lines.ts';
import { randomBars } from '../../domain/strategies/checks/random-bars.ts';
import { rulesProblem } from '../../domain/strategies/checks/rules-problem.ts';
import { findStrategy, strategies, strategyOf } from '../../domain/strategies/registry.ts';
import type { Strategy, StrategyParams } from '../../domain/strategies/strategy.ts';
import { decisionsOf } from '../domain/strategies/decisions-of.ts';

const FOLDER = 'domain/strategies';
const BARS = randomBars(900, 7);

const defaultsOf = (strategy: Strategy, given: StrategyParams = {}): StrategyParams =>
  completeParams(strategy.params, given).params;

/** Short windows, both sides and every exit: much happens in few bars. */
const busyParamsOf = (strategy: Strategy): StrategyParams => {
  const wanted: StrategyParams = {
    shorts: 1,
    stopLoss: 0.02,
    takeProfit: 0.04,
    trailingStop: 0.03,
    maxBars: 30,
    slow: 30,
  };
  const known = Object.entries(wanted).filter(([name]) => strategy.params.some((spec) => spec.name === name));
  return defaultsOf(strategy, Object.fromEntries(known));
};

const valueOf = ({ kind, min, max }: ParamSpec) =>
  kind === 'integer' ? fc.integer({ min, max: Math.min(max, min + 60) }) : fc.double({ min, max, noNaN: true });

const paramsOf = (strategy: Strategy): fc.Arbitrary<StrategyParams> =>
  fc.record(Object.fromEntries(strategy.params.map((spec) => [spec.name, valueOf(spec)])));

const legalParamsOf = (strategy: Strategy): fc.Arbitrary<StrategyParams> =>
  paramsOf(strategy).filter((params) => (strategy.check?.(params) ?? []).length === 0);

const runOf = (strategy: Strategy, candles: Candles): BacktestRun =>
  runBacktest({
    markets: [candles],
    strategy,
    params: busyParamsOf(strategy),
    broker: { ...DEFAULT_BROKER, commission: { maker: 0.0002, taker: 0.0005, fixed: 0 } },
    sizing: { kind: 'cashShare', value: 0.9 },
    recordEntryValues: true,
  });

describe('the registry of strategies', () => {
  it('knows each by an id of its own', () => {
    const ids = strategies.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(12);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map((id) => findStrategy(id)?.id)).toEqual(ids);
    expect(findStrategy('no-such')).toBeUndefined();
  });

  it('names the nearest strategy for an id that it does not know', () => {
    expect(strategyOf('macd').id).toBe('macd');
    expect(() => strategyOf('sma-cros')).toThrow(
      'unknown strategy "sma-cros": did you mean "sma-cross"? known: sma-cross',
    );
  });

  it('has a line for each folder', () => {
    const folders = readdirSync(FOLDER).filter((name) => existsSync(`${FOLDER}/${name}/strategy.ts`));
    expect(folders.toSorted((a, b) => a.localeCompare(b))).toEqual(
      strategies.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b)),
    );
  });
});

it('is listed in docs/strategies.md, with what grids can run', () => {
  const rows = [...readFileSync('docs/strategies.md', 'utf8').matchAll(/^\| \[`([a-z-]+)`\].*\| (yes|no) \|$/gm)];
  expect(rows.map(([, id, inGrids]) => [id, inGrids])).toEqual(
    strategies.map(({ id, ...rest }) => [id, rest.rules === undefined ? 'no' : 'yes']),
  );
});

it('finds a strategy whose own indicator keeps its columns for it', () => {
  let kept = new Float64Array();
  const spy: Indicator = {
    name: 'SPY',
    title: 'Looks like a copy of the close',
    params: [],
    inputs: ['close'],
    outputs: ['value'],
    lookback: () => 0,
    compute: ([close], _, [out]) => {
      kept = close!.slice();
      out!.set(close!);
    },
    stream: () => ({ next: (inputs, outputs) => void (outputs[0] = inputs[0]!) }),
  };
  const cheat: Strategy = {
    id: 'cheat',
    title: 'Cheat',
    params: [],
    prepare: (lines) => {
      lines.indicator(spy);
      return (context) => {
        const { index, close } = context.bar;
        if (kept[index + 1]! > close.now) context.buy();
      };
    },
  };
  const report = detectLookAhead({
    bars: BARS.length,
    decide: (bars) => decisionsOf(cheat, sliceCandles(BARS, 0, bars)),
  });
  // The first bar after which the price rises: cut right after it, there is no next bar to rise.
  const first = BARS.close.findIndex((close, bar) => BARS.close[bar + 1]! > close);
  expect(report.first).toMatchObject({ bar: first, cut: first + 1, full: { action: 'buy' }, truncated: null });
});

describe.each(strategies)('the strategy $id', (strategy) => {
  it('explains itself and every parameter in its README', () => {
    const readme = readFileSync(`${FOLDER}/${strategy.id}/README.md`, 'utf8');
    const missing = strategy.params.map(({ name }) => `\`${name}\``).filter((name) => !readme.includes(name));
    expect(missing).toEqual([]);
    expect(readme.startsWith(`# ${strategy.title}\n`)).toBe(true);
    expect(readme).toContain('## When it fails');
  });

  it('declares parameters whose defaults are legal and fit together', () => {
    const names = strategy.params.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const { params, problems } = completeParams(strategy.params, {});
    expect(problems).toEqual([]);
    expect(Object.keys(params)).toEqual(names);
    expect(strategy.check?.(params) ?? []).toEqual([]);
  });

  it('runs on any parameters that it does not refuse, and refuses by naming a parameter', () => {
    fc.assert(
      fc.property(paramsOf(strategy), (params) => {
        const problems = strategy.check?.(params) ?? [];
        for (const { field, message } of problems) {
          expect(strategy.params.map(({ name }) => name)).toContain(field);
          expect(message).not.toBe('');
        }
        if (problems.length === 0) expect(() => decisionsOf(strategy, BARS, { params })).not.toThrow();
      }),
      { numRuns: 30 },
    );
  });

  it('reads the same lines bar by bar as in its rules', () => {
    const { rules } = strategy as { rules?: Strategy['rules'] };
    fc.assert(
      fc.property(legalParamsOf(strategy), (params) => {
        const declared = [...declaredLines(strategy, params).keys()];
        expect(new Set(declared).size).toBe(declared.length);
        if (rules === undefined) return;
        const made = rules(params);
        expect(rulesProblem(made)).toBeNull();
        expect([...linesOfRules(made).keys()]).toEqual(declared);
      }),
      { numRuns: 30 },
    );
  });

  it('decides at no bar what bars after it change', () => {
    const params = busyParamsOf(strategy);
    const report = detectLookAhead({
      bars: BARS.length,
      decide: (bars) => decisionsOf(strategy, sliceCandles(BARS, 0, bars), { params }),
    });
    expect(report.first).toBeNull();
    expect(report.decisions).toBeGreaterThan(0);
  });

  it('trades at no bar what bars after it change', () => {
    const whole = runOf(strategy, BARS);
    expect(whole.trades.length + whole.openTrades.length).toBeGreaterThan(0);
    for (let cut = 150; cut < BARS.length; cut += 53) {
      const part = runOf(strategy, sliceCandles(BARS, 0, cut));
      expect(part.trades).toEqual(whole.trades.filter(({ exitBar }) => exitBar < cut));
      expect(part.equity).toEqual(whole.equity.slice(0, part.equity.length));
    }
  });

  it('does the same on the same bars', () => {
    expect(runOf(strategy, BARS)).toEqual(runOf(strategy, BARS));
  });
});
