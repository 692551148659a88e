import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStack, type TestStack } from '../helpers/stack.ts';
import { ALWAYS_IN, chaos } from './chaos-run.ts';

const START_MS = 120_000;
/** Two runs of executions of at most 20 s, each with what a recovery may take. */
const RUNS_MS = 300_000;
const VENUE_TWICE = ['--runs', '1', '--seed', '12', '--length', '20s', '--targets', 'venue', '--faults-per-run', '2'];
const NOTHING_WRONG = {
  duplicates: 0,
  lost: 0,
  doubleCounted: 0,
  inexact: 0,
  overfilled: 0,
  leftOpen: 0,
  ofNobody: 0,
  unfinished: 0,
  intrusions: 0,
  failures: [],
};

describe('the platform under chaos', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startStack({ workers: 2 });
  }, START_MS);
  afterAll(() => stack.stop(), START_MS);

  it(
    'repeats no order, loses no fill and counts none twice, whatever is killed or fails',
    async () => {
      const { code, result } = await chaos(stack.home, '--runs', '1', '--seed', '11', '--length', '20s');
      expect(result).toMatchObject({ ...NOTHING_WRONG, runs: 1, executions: 8 });
      expect(result.kills + result.faults + result.faultsMissed).toBe(5);
      // Somebody paused and resumed one of them; after a slow recovery that may have come when it was over.
      const { pause, resume, late } = result.interventions;
      expect(pause + resume + late).toBe(2);
      // Something was killed, and every execution that was under way went on afterwards.
      expect(result.kills).toBeGreaterThan(0);
      expect(result.recoveryMs.count + result.recoveryUnresolvedMs.count).toBeGreaterThan(0);
      expect(code).toBe(0);
    },
    RUNS_MS,
  );

  it(
    'leaves a session with its position, its stop and its bars',
    async () => {
      const run = ['--runs', '1', '--seed', '14', '--length', '40s', '--faults-per-run', '4'];
      const { code, result } = await chaos(
        stack.home,
        ...run,
        '--sessions',
        '1',
        '--strategy',
        ALWAYS_IN,
        '--executions',
        '0',
      );
      expect(result).toMatchObject({ ...NOTHING_WRONG, runs: 1, executions: 0, sessions: { count: 1 } });
      expect(result.kills + result.faults + result.faultsMissed).toBe(4);
      const { bars, decisions, trades } = result.sessions!;
      // 40 s of bars of 5 s, less the one that was open at the start and what of the last had not closed.
      expect(bars).toBeGreaterThanOrEqual(7);
      expect(decisions).toBe(bars);
      // What it held in the end was sold when it was stopped.
      expect(trades).toBeGreaterThan(0);
      expect(code).toBe(0);
    },
    RUNS_MS,
  );

  it(
    'goes on when the owner of the account is killed and stays dead',
    async () => {
      const { code, result } = await chaos(stack.home, ...VENUE_TWICE, '--keep-dead');
      expect(result).toMatchObject({ ...NOTHING_WRONG, runs: 1, kills: 2, faults: 0, executions: 8 });
      expect(code).toBe(0);
    },
    RUNS_MS,
  );
});
