import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createBacktestRunner } from '../../../adapters/backtests/backtest-runner.ts';
import type { SessionDecider } from '../../../adapters/ports/session-decider.ts';
import type { SessionRecord } from '../../../adapters/ports/session-store.ts';
import { createSessionDecider } from '../../../adapters/sessions/session-decider.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { type UserStrategy, writeStrategy } from '../../helpers/user-strategies.ts';
import { SessionBench } from '../../activities/session/session-bench.ts';

jest.setTimeout(180_000);

const folder = tempFolder();
/** Bars before the first decided, so that the strategies' own bar 50 is the sixth of the session. */
const WARM_UP = 45;
const BAD_BAR = 50;

// Longer than any step takes on a busy machine: only a strategy without an end is given less.
const options = { threads: 1, stuckAfterMs: 600_000, maxHeapMb: 64 } as const;
let patient: SessionDecider;
let impatient: SessionDecider;
beforeAll(() => {
  patient = createSessionDecider(options);
  impatient = createSessionDecider({ ...options, stuckAfterMs: 10_000 });
});
afterAll(() => Promise.all([patient.close(), impatient.close()]));

function benchOf(file: string, decider: SessionDecider, record: Partial<SessionRecord> = {}): SessionBench {
  const strategyHash = createHash('sha256').update(readFileSync(file)).digest('hex');
  return new SessionBench({
    bars: 60,
    warmUp: WARM_UP,
    decider,
    spec: { strategy: { file, params: {} }, maxBarAgeMs: 31 * 86_400_000, catchUp: 'replay' },
    record: { strategyHash, params: {}, ...record },
  });
}

/** Buys with a stop at its first bar, and does at bar 50 what `bad` says. */
function holdsAndThen(name: string, bad: string): string {
  const file = join(folder, name);
  const code = `export default { id: 'own', title: 'Own', params: [], prepare: () => {
  const kept = [];
  return (context) => {
    const { index, close } = context.bar;
    if (index === ${WARM_UP}) context.buy({ stopLoss: close.now * 0.5 });
    if (index === ${BAD_BAR}) { ${bad} }
  };
} };
`;
  writeFileSync(file, code);
  return file;
}

/** Where the session stands when bar 50 comes next, with its position and its stop. */
async function beforeTheBadBar(bench: SessionBench): Promise<void> {
  bench.closed = WARM_UP + 1;
  await bench.until(1);
  await bench.run();
  // The bars up to it closed while nobody looked, and are asked about one after the other.
  bench.closed = BAD_BAR;
  await bench.until(BAD_BAR - WARM_UP);
}

describe('a strategy of a user in a session', () => {
  it.each([
    ['throws', "throw new Error('no idea')", 'STRATEGY_FAILED', 'no idea'],
    ['hangs', 'for (;;);', 'STRATEGY_STUCK', 'gave no sign of life'],
    ['eats memory', 'for (;;) kept.push(new Array(100000).fill(kept.length));', 'OUT_OF_MEMORY', 'memory'],
    ['ends its thread', 'process.exit(7);', 'STRATEGY_FAILED', 'ended its thread'],
    ['ends the process', "process.kill(process.pid, 'SIGKILL');", 'STRATEGY_FAILED', 'process.kill'],
  ] as const)(
    'that %s pauses it: nothing is traded, its stop stays, the bar goes by, and resume asks about the next',
    async (name, bad, code, words) => {
      const bench = benchOf(
        holdsAndThen(`${name.replaceAll(' ', '-')}.mjs`, bad),
        name === 'hangs' ? impatient : patient,
      );
      await beforeTheBadBar(bench);
      expect([bench.record.bars, bench.stops.length, bench.orders.size]).toEqual([BAD_BAR - WARM_UP, 1, 2]);
      const glance = await bench.run();
      const trouble = { code, detail: expect.stringContaining(words) };
      expect(bench.record).toMatchObject({
        status: 'paused',
        problem: trouble,
        block: { reason: 'STRATEGY', problem: trouble },
      });
      expect(glance).toMatchObject({ status: 'paused', bars: BAD_BAR - WARM_UP });
      if (name === 'throws' || name === 'ends the process')
        expect(bench.record.problem!.detail).toContain(`bar ${BAD_BAR}`);
      else if (name === 'hangs')
        expect(bench.record.problem!.detail).toContain(new Date(bench.candles.time[BAD_BAR]!).toISOString());
      // The bar goes by without asking.
      await bench.run();
      expect([bench.record.bars, bench.stops.length, bench.orders.size]).toEqual([BAD_BAR - WARM_UP + 1, 1, 2]);
      expect(bench.sessions.decisions.at(-1)).toMatchObject({ mode: 'mute', blocked: 'STRATEGY', signals: [] });
      // It is asked about the next one.
      await bench.sessions.store.command('s1', { kind: 'resume', by: 'ann', reason: 'again' }, 'k1');
      expect(bench.record).toMatchObject({ status: 'running', problem: null, block: null });
      await bench.run();
      expect(bench.record).toMatchObject({ status: 'running', bars: BAD_BAR - WARM_UP + 2, problem: null });
      expect(bench.sessions.decisions.at(-1)).toMatchObject({ mode: 'ask', blocked: null });
      expect([bench.stops.length, bench.orders.size]).toEqual([1, 2]);
    },
  );

  it('is the file that the session was started with, or none', async () => {
    const file = writeStrategy(folder, 'turns.mjs' satisfies UserStrategy);
    const bench = benchOf(file, patient);
    await bench.until(2);
    writeFileSync(file, readFileSync(file, 'utf8').replace('% 20 === 0', '% 20 === 5'));
    await bench.run();
    expect(bench.record).toMatchObject({ status: 'paused', bars: 2, problem: { code: 'INVALID_STRATEGY' } });
  });

  it('is all that it imports, too: what has changed is named, and it goes on once that is restored', async () => {
    const helper = join(folder, 'every.mjs');
    writeFileSync(helper, 'export const EVERY = 20;');
    const file = join(folder, 'imports.mjs');
    writeFileSync(
      file,
      `import { EVERY } from './every.mjs';
export default { id: 'own', title: 'Own', params: [], prepare: () => (context) => {
  if (context.bar.index % EVERY === 8) context.buy({ stopLoss: context.bar.close.now * 0.5 });
} };
`,
    );
    const inspector = createBacktestRunner({ threads: 1, databaseUrl: null, stuckAfterMs: 600_000, maxHeapMb: 64 });
    const sizing = { kind: 'units', value: 1 } as const;
    const facts = await inspector.inspect({ strategy: { file, params: {} }, sizing, timeframe: '1m' });
    await inspector.close();
    const bench = benchOf(file, patient, { strategyHash: facts.hash, strategyParts: facts.parts ?? [] });
    await bench.until(12);
    expect(bench.record).toMatchObject({ status: 'running', problem: null });
    writeFileSync(helper, 'export const EVERY = 21;');
    await bench.run();
    const changed = { code: 'INVALID_STRATEGY', detail: expect.stringContaining(': ./every.mjs has changed (SHA-256') };
    expect(bench.record).toMatchObject({ status: 'paused', bars: 12, problem: changed });
    writeFileSync(helper, 'export const EVERY = 20;');
    await bench.sessions.store.command('s1', { kind: 'resume', by: 'ann', reason: 'restored' }, 'k1');
    await bench.until(13);
    expect(bench.record).toMatchObject({ status: 'running', problem: null });
  });

  it('finds nothing in its thread of what it left in its own variables', async () => {
    const file = join(folder, 'counts.mjs');
    const code = `let bars = 0;
export default { id: 'own', title: 'Own', params: [], prepare: () => (context) => {
  bars += 1;
  if (bars === 3) context.buy({ stopLoss: context.bar.close.now * 0.5 });
} };
`;
    writeFileSync(file, code);
    const bench = benchOf(file, patient);
    await bench.until(8);
    // Each step asks about all bars from the first: with what earlier steps had counted the third would lie elsewhere each time.
    expect(bench.sessions.decisions.flatMap(({ signals }, bar) => (signals.length > 0 ? [bar] : []))).toEqual([2]);
    expect(bench.record).toMatchObject({ status: 'running', problem: null });
    expect(bench.stops).toHaveLength(1);
  });
});
