import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { StrategyCheck } from '../../adapters/ports/backtest-store.ts';
import { checkBacktest } from '../../api/backtests/check.ts';
import { failure } from '../../domain/backtest/failure.ts';
import { GOOD_SPEC } from './fakes/backtest-result.ts';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

const CHECK: StrategyCheck = {
  strategy: 'own.mjs',
  lookAhead: {
    clean: false,
    checked: 12,
    bars: 100,
    orders: 3,
    repeatable: true,
    first: {
      bar: 7,
      time: '2024-01-01T00:07:00.000Z',
      symbol: 'X',
      withLaterBars: 'buy X',
      withoutThem: null,
      fields: [],
    },
    difference: 'at bar 7',
  },
  warmUp: {
    tolerance: 0.001,
    sufficient: true,
    symbols: [
      {
        symbol: 'X',
        history: 20,
        yardstick: 40,
        maxRelativeChange: 0,
        sufficientHistory: 20,
        lines: [
          {
            line: 'EMA(20)',
            rows: [{ history: 20, maxRelativeChange: null, undefinedBars: 0 }],
            sufficientHistory: 20,
          },
        ],
      },
    ],
  },
};

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());

const check = (body: unknown = GOOD_SPEC, headers: Record<string, string> = withKey()) =>
  app.inject({ method: 'POST', url: '/v1/backtests/check', headers, body: body as object });

describe('a check of a strategy', () => {
  it('answers with what it has shown and stores nothing', async () => {
    platform.backtests.checkStrategy = async ({ spec }) => {
      expect(spec).toMatchObject({ strategy: { params: { fast: 5, slow: 20 } } });
      return CHECK;
    };
    const answer = await check();
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(CHECK);
    expect(platform.backtests.records.size).toBe(0);
  });

  it('needs the role of a trader: a strategy is code', async () => {
    platform.addKey('tw_operator', 'op', 'operator');
    expect((await check(GOOD_SPEC, withKey('tw_operator'))).json().code).toBe('FORBIDDEN');
  });

  it('tells wrong fields, and what a run would fail of', async () => {
    expect((await check({ ...GOOD_SPEC, seed: -1 })).json()).toMatchObject({ code: 'INVALID_BACKTEST' });
    platform.backtests.checkStrategy = async () => {
      throw failure('STRATEGY_FAILED', 'the strategy threw at bar 5');
    };
    const answer = await check();
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'STRATEGY_FAILED']);
  });

  it('gives up what takes too long', async () => {
    platform.backtests.checkStrategy = (_request, { cancel }) =>
      new Promise((_resolve, reject) => cancel.addEventListener('abort', () => reject(cancel.reason as Error)));
    await expect(checkBacktest(platform.dependencies(), GOOD_SPEC, 20)).rejects.toMatchObject({
      code: 'CHECK_TOO_LONG',
    });
  });
});
