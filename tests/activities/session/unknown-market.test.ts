import { expect, it } from '@jest/globals';
import { SessionBench } from './session-bench.ts';

const DAY_MS = 86_400_000;

it('while nobody tells what time a market has its bars wait: those of a replay are old by our clock, and not missed', async () => {
  const bench = new SessionBench({ bars: 20 });
  const [wall] = bench.venues;
  bench.clock.advance(1_000 * DAY_MS);
  bench.closed += 1;
  bench.venues = [];
  bench.standStill();
  await bench.run(20_000);
  expect(bench.record).toMatchObject({ bars: 0, lastBar: null });
  bench.venues = [{ ...wall!, profile: { ...wall!.profile, marketTime: 'candles' } }];
  await bench.run(20_000);
  expect(bench.record.bars).toBe(1);
  expect(bench.sessions.decisions).toMatchObject([{ mode: 'ask', blocked: null }]);
  // On a market that goes by our clock the same bar is one that nobody came to decide.
  const late = new SessionBench({ bars: 20 });
  late.clock.advance(1_000 * DAY_MS);
  late.closed += 1;
  await late.run(20_000);
  expect(late.sessions.decisions).toMatchObject([{ mode: 'mute', blocked: 'MISSED' }]);
});
