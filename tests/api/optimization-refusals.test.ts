import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createOptimizationRunner } from '../../adapters/optimizations/optimization-runner.ts';
import type { OptimizationRunner } from '../../adapters/ports/optimization-store.ts';
import { barsOf, writeBars } from '../helpers/bars-file.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

jest.setTimeout(120_000);

// The API with the planning that it has in earnest, on a file of 3,000 bars.
const folder = tempFolder();
let checker: OptimizationRunner;
let file: string;
beforeAll(() => {
  file = writeBars(join(folder, 'bars.csv'), 3_000);
  checker = createOptimizationRunner({
    threads: 1,
    databaseUrl: null,
    stuckAfterMs: 5_000,
    maxHeapMb: 256,
    maxColumnMb: 1,
  });
});
afterAll(() => checker.close());

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  platform.optimizations.checker.check = (spec, options) => checker.check(spec, options);
});
afterEach(() => app.close());

const start = (change: object) =>
  app.inject({
    method: 'POST',
    url: '/v1/optimizations',
    headers: withKey(),
    body: {
      data: barsOf(file),
      strategy: { id: 'sma-cross' },
      space: { fast: { min: 2, max: 21 }, slow: { min: 10, max: 60, step: 2 } },
      constraints: ['fast < slow'],
      ...change,
    },
  });

const wide = { min: 2, max: 9_999 };
const huge = { min: 1e-6, max: 0.9, step: 1e-6 };

describe('before anything starts', () => {
  it.each<[string, object, string, RegExp]>([
    ['an impossible constraint', { constraints: ['fast > slow + 99'] }, 'constraints', /exclude all 520 combinations/],
    ['a step of zero', { space: { fast: { min: 2, max: 9, step: 0 }, slow: [20] } }, 'space.fast.step', /above 0/],
    ['an unknown objective', { objective: 'sharpRatio' }, 'objective', /did you mean "sharpeRatio"/],
    [
      'a million millions of combinations',
      { space: { stopLoss: huge, takeProfit: huge }, constraints: [] },
      'space',
      /are 810,000,000,000 combinations.*larger steps.*sample/,
    ],
    [
      'one combination with a longer warm-up than the data',
      { space: { fast: { min: 2, max: 4 }, slow: { min: 2_998, max: 3_001 } } },
      'space',
      // An average of 3,001 bars has its first value at bar 3,000, which there is not.
      /have 3000 bars.*slow 3001 need 3000 bars/,
    ],
    [
      'folds longer than the data',
      { walkForward: { folds: 150, trainShare: 0.5, purgeBars: 1_400 } },
      'walkForward',
      /fewer than 20/,
    ],
    ['more trades than bars', { objective: { minTrades: 3_000 } }, 'objective.minTrades', /only 2941 bars/],
    [
      'draws that a constraint leaves hardly any of',
      {
        space: { fast: wide, slow: wide, maxBars: { min: 1, max: 10_000 } },
        constraints: ['fast * 17 == slow', 'maxBars == 77'],
        sampler: { kind: 'random', count: 1_000 },
      },
      'constraints',
      /of 999,600,040,000 combinations the first [\d,]+ drawn hold \d+ of the 1,000 wanted.*a list/,
    ],
  ])('refuses %s by field, and stores nothing', async (_what, change, field, message) => {
    const answer = await start(change);
    const { code, errors } = answer.json() as { code: string; errors: { field: string; message: string }[] };
    expect([answer.statusCode, code, errors.map((error) => error.field)]).toEqual([
      422,
      'INVALID_OPTIMIZATION',
      [field],
    ]);
    expect(errors[0]!.message).toMatch(message);
    expect(platform.optimizations.records.size).toBe(0);
  });

  it('takes a million combinations with a constraint', async () => {
    const axis = { min: 2, max: 1_001 };
    const answer = await start({ space: { fast: axis, slow: axis } });
    expect(answer.statusCode).toBe(201);
    const [record] = platform.optimizations.records.values();
    // Pairs of 1,000 values in which the first is smaller; an average of 1,001 bars has its first value at bar 1,000.
    expect(record!.request.plan).toMatchObject({ size: 1_000_000, total: 499_500, span: { from: 1_000, to: 3_000 } });
  });
});
