import { describe, expect, it } from '@jest/globals';
import { decideWith } from './decide-with.ts';
import { SessionBench } from './session-bench.ts';

const MINUTE_MS = 60_000;
const BUYS = decideWith(decideWith.script({ 0: (context) => context.buy({ size: 1 }) }));

/** A session that has bought at its first bar, in hours that end four bars after its start; no more bars close. */
async function nearClose(): Promise<SessionBench> {
  const { startBar } = new SessionBench({ bars: 30 }).record;
  const at = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
  const windows = [
    { days: [1, 2, 3, 4, 5, 6, 7], from: at(startBar - 60 * MINUTE_MS), to: at(startBar + 4 * MINUTE_MS) },
  ];
  const hours = { kind: 'windows', zone: 'UTC', windows, closedOn: [] } as const;
  const bench = new SessionBench({ bars: 30, decider: BUYS, spec: { hours, atClose: 'flatten' } });
  await bench.until(2);
  expect(held(bench)).toBeGreaterThan(0);
  bench.standStill();
  return bench;
}

const held = (bench: SessionBench): number => bench.record.books!.positions[0]!.units;

describe('what is held when trading hours end', () => {
  it('is sold within seconds, in the middle of a bar and although no candle comes', async () => {
    const bench = await nearClose();
    const { bars } = bench.record;
    const close = bench.record.startBar + 4 * MINUTE_MS;
    await bench.run(close - bench.clock.now() - 5_000);
    expect(held(bench)).toBeGreaterThan(0);
    await bench.run(15_000);
    expect([held(bench), bench.record.bars]).toEqual([0, bars]);
  });

  it('stays where a person has paused the session and kept it', async () => {
    const bench = await nearClose();
    await bench.sessions.store.command('s1', { kind: 'pause', mode: 'keep', by: 'ann' }, 'pause');
    for (let call = 0; call < 3; call++) await bench.run(2 * MINUTE_MS);
    expect(bench.clock.now()).toBeGreaterThan(bench.record.startBar + 5 * MINUTE_MS);
    expect(held(bench)).toBeGreaterThan(0);
  });
});
