import { describe, expect, it } from '@jest/globals';
import { failure } from '../../../domain/backtest/failure.ts';
import type { SessionDecider } from '../../../adapters/ports/session-decider.ts';
import { decideWith } from './decide-with.ts';
import { type BenchOptions, SessionBench } from './session-bench.ts';

const FIRST_BAR_MS = 60_000;
let keys = 0;

/** A session whose strategy has given a limit far below the market at its first bar, which waits at the venue. */
async function waiting(options: BenchOptions = {}, decider: SessionDecider = decideWith(LIMIT)): Promise<SessionBench> {
  const bench = new SessionBench({ bars: 30, decider, ...options });
  await bench.until(2);
  expect(waits(bench)).toBe(1);
  return bench;
}

const LIMIT = decideWith.script({ 0: (context) => context.buy({ size: 1, limit: context.bar.close.now / 4 }) });

/** Entries at the venue. */
const waits = (bench: SessionBench): number =>
  [...bench.orders.values()].filter(
    ({ execution, progress }) => execution.plan.params['kind'] === 'limit' && progress.final === null,
  ).length;

const reasons = (bench: SessionBench): readonly string[] =>
  bench.sessions.entries.flatMap(({ event }) => (event.kind === 'cancel-entries' ? [event.reason] : []));

describe('an entry that waits', () => {
  it('stays while the session may open positions', async () => {
    const bench = await waiting();
    await bench.until(10);
    expect([waits(bench), reasons(bench)]).toEqual([1, []]);
  });

  it.each(['RECONCILIATION', 'ORDERS', 'STRATEGY'] as const)('is taken back under the block %s', async (reason) => {
    const bench = await waiting();
    bench.standStill();
    const problem = { code: 'SOMETHING', detail: 'is wrong' };
    await bench.sessions.store.setBlock('s1', { reason, problem, since: 0 }, 'test');
    for (let call = 0; call < 2; call++) await bench.run(5_000);
    expect([waits(bench), reasons(bench)]).toEqual([0, [reason]]);
  });

  it('is taken back when trading hours end, within the bar', async () => {
    const probe = await waiting();
    const start = new Date(probe.record.startBar);
    // Windows are in whole minutes: open until four bars after the start.
    const at = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
    const windows = [
      { days: [1, 2, 3, 4, 5, 6, 7], from: at(+start - 60 * FIRST_BAR_MS), to: at(+start + 4 * FIRST_BAR_MS) },
    ];
    const hours = { kind: 'windows', zone: 'UTC', windows, closedOn: [] } as const;
    const bench = await waiting({ spec: { hours } });
    bench.standStill();
    await bench.run(60_000);
    expect(waits(bench)).toBe(1);
    await bench.run(120_000);
    expect([waits(bench), reasons(bench)]).toEqual([0, ['HOURS']]);
  });

  it('is taken back when the strategy fails, and when a person pauses', async () => {
    const own = decideWith(LIMIT);
    const decide: SessionDecider['decide'] = async (request) => {
      if (
        request.bars.some(({ reason, time }) => reason === null && time >= request.session.startBar + 4 * FIRST_BAR_MS)
      )
        throw failure('STRATEGY_FAILED', 'no idea');
      return own.decide(request);
    };
    const failed = await waiting({}, { ...own, decide });
    for (let call = 0; call < 6; call++) await failed.run(5_000);
    expect([failed.record.status, waits(failed), reasons(failed)]).toEqual(['paused', 0, ['STRATEGY']]);

    const paused = await waiting();
    paused.standStill();
    await paused.sessions.store.command('s1', { kind: 'pause', mode: 'keep', by: 'ann' }, `k${++keys}`);
    await paused.run(5_000);
    expect([waits(paused), reasons(paused)]).toEqual([0, ['pause by ann']]);
  });
});
