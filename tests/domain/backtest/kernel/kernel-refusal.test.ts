import { describe, expect, it } from '@jest/globals';
import { kernelRefusal } from '../../../../domain/backtest/kernel/kernel-refusal.ts';
import { runSignals } from '../../../../domain/backtest/kernel/run-signals.ts';
import {
  type BrokerSettings,
  DEFAULT_BROKER,
  DEFAULT_SIZING,
  type Sizing,
} from '../../../../domain/backtest/settings.ts';
import { randomBars } from '../../../../domain/strategies/checks/random-bars.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';
import type { ProtectiveStops } from '../../../../domain/strategies/rules.ts';

const refusal = (broker: Partial<BrokerSettings>, sizing: Sizing = DEFAULT_SIZING, stops: ProtectiveStops = {}) =>
  kernelRefusal({ ...DEFAULT_BROKER, ...broker }, sizing, { enterLong: { kind: 'always' }, stops });

describe('what the signal kernel refuses', () => {
  it.each<[string, Partial<BrokerSettings>]>([
    ['broker.volumeShare = 0.1', { volumeShare: 0.1 }],
    ['broker.priceImpact = 0.2', { priceImpact: 0.2 }],
  ])('%s', (told, broker) => {
    expect(refusal(broker)).toContain(told);
  });

  it.each<Sizing>([
    { kind: 'equityShare', value: 1 },
    { kind: 'riskPerTrade', value: 0.01 },
    { kind: 'volatilityTarget', value: 0.1, window: 20, barsPerYear: 365, maxShare: 1 },
  ])('sizing by $kind', (sizing) => {
    expect(refusal({}, sizing)).toContain(`sizing ${sizing.kind} needs the event engine`);
  });

  it('another path of the price in a bar, but only where an exit watches the price', () => {
    const intrabar = 'nearest-first';
    expect(refusal({ intrabar }, DEFAULT_SIZING, { stopLoss: 0.05 })).toContain('broker.intrabar = nearest-first');
    expect(refusal({ intrabar }, DEFAULT_SIZING, { maxBars: 5 })).toBeNull();
    expect(refusal({ intrabar })).toBeNull();
  });

  it.each<[string, ProtectiveStops]>([
    ['stops.stopLoss = 1', { stopLoss: 1 }],
    ['stops.stopLoss = 0', { stopLoss: 0 }],
    ['stops.takeProfit = -0.1', { takeProfit: -0.1 }],
    ['stops.trailingStop = NaN', { trailingStop: Number.NaN }],
    ['stops.maxBars = 0.5', { maxBars: 0.5 }],
  ])('%s', (told, stops) => {
    expect(refusal({}, DEFAULT_SIZING, stops)).toContain(told);
  });

  it('nothing else', () => {
    expect(
      refusal(
        {
          spread: 0.001,
          slippageBps: 5,
          margin: 0.1,
          fill: 'close',
          wholeUnits: true,
          exclusive: true,
          finalize: true,
          direction: 'short',
          instruments: { X: { tick: 0.1, lot: 0.1, minNotional: 10 } },
        },
        { kind: 'units', value: 2 },
        { stopLoss: 0.1, takeProfit: 2, trailingStop: 0.2, maxBars: 9 },
      ),
    ).toBeNull();
  });

  it('runs of strategies that are no rules, and of several symbols, with a failure that says so', () => {
    const markets = [randomBars(200, 1)];
    const input = { markets, params: {}, broker: DEFAULT_BROKER, sizing: DEFAULT_SIZING };
    const free = strategyOf('turtle-pyramid');
    expect(() => runSignals({ ...input, strategy: free })).toThrow('turtle-pyramid is no set of rules');
    const two = [markets[0]!, { ...markets[0]!, symbol: 'OTHER' }];
    expect(() => runSignals({ ...input, markets: two, strategy: strategyOf('buy-and-hold') })).toThrow(
      'the signal kernel runs one symbol',
    );
  });

  it('runs that were cancelled', () => {
    const input = { markets: [randomBars(200, 1)], params: {}, broker: DEFAULT_BROKER, sizing: DEFAULT_SIZING };
    const strategy = strategyOf('buy-and-hold');
    expect(() => runSignals({ ...input, strategy, onProgress: () => false })).toThrow('cancelled');
    expect(runSignals({ ...input, strategy, onProgress: () => undefined }).openTrades).toHaveLength(1);
  });
});
