import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import { runSignals } from '../../../../domain/backtest/kernel/run-signals.ts';
import { type BrokerSettings, DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import { parseBroker } from '../../../../domain/backtest/spec/parse-broker.ts';
import type { FieldProblem } from '../../../../domain/parameters/param-spec.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';
import { candlesOf, type Row, told } from '../engine/scripted.ts';

/** Names that every object has. */
const NAMES = ['constructor', 'toString', '__proto__'] as const;

function runsOf(symbol: string, broker: BrokerSettings, units: number): readonly (readonly string[])[] {
  const flat: Row = [100, 100, 100, 100];
  const input = {
    markets: [candlesOf([flat, flat], symbol)],
    strategy: strategyOf('buy-and-hold'),
    params: {},
    broker,
    sizing: { kind: 'units', value: units },
  } as const;
  return [runBacktest(input), runSignals(input)].map(told);
}

describe('symbols named like what every object has', () => {
  it.each(NAMES)('are traded without steps where none are given: %s', (symbol) => {
    expect(runsOf(symbol, DEFAULT_BROKER, 0.5)).toEqual([['0.5 @ 100(1) open'], ['0.5 @ 100(1) open']]);
  });

  it.each(NAMES)('have the steps that a spec gives them: %s', (symbol) => {
    const problems: FieldProblem[] = [];
    const broker = parseBroker(JSON.parse(`{"instruments":{"${symbol}":{"lot":2}}}`), problems);
    expect(problems).toEqual([]);
    expect(Object.entries(broker.instruments)).toEqual([[symbol, { tick: 0, lot: 2, minNotional: 0 }]]);
    expect(runsOf(symbol, broker, 5)).toEqual([['4 @ 100(1) open'], ['4 @ 100(1) open']]);
  });
});
