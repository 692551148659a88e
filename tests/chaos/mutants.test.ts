import { describe, expect, it } from '@jest/globals';
import { chaos, withMutant } from './chaos-run.ts';

/** A start, one run of executions of at most 20 s, a minute's patience with those that never end, and a drain. */
const WITHIN_MS = 180_000;
const RUN = ['--runs', '1', '--length', '20s', '--targets', 'faults'];

describe('chaos catches a protocol that', () => {
  it(
    'sends an order again when no answer came',
    async () => {
      // Seed 38 drops the answers to seven new orders after they were accepted.
      const { code, result } = await withMutant('resend-after-time-out', 1, (home) =>
        chaos(home, ...RUN, '--seed', '38', '--faults-per-run', '8'),
      );
      expect(code).toBe(6);
      expect(result.duplicates).toBeGreaterThan(0);
      expect(result.failures).toContainEqual(
        expect.objectContaining({
          kind: 'duplicate',
          run: 1,
          seed: 38,
          detail: expect.stringContaining('its client order id was accepted before'),
        }),
      );
      expect(result.intrusions).toBe(0);
    },
    WITHIN_MS,
  );

  it(
    'counts a fill twice',
    async () => {
      const { code, result } = await withMutant('fills-counted-twice', 1, (home) =>
        chaos(home, ...RUN, '--seed', '1', '--faults-per-run', '1'),
      );
      expect(code).toBe(6);
      expect(result.doubleCounted).toBeGreaterThan(0);
      expect(result.inexact).toBeGreaterThan(0);
      expect(result.failures).toContainEqual(
        expect.objectContaining({
          kind: 'double-counted',
          detail: expect.stringContaining('has no ledger trade of its own'),
        }),
      );
      expect(result.duplicates).toBe(0);
    },
    WITHIN_MS,
  );

  it(
    'lets two processes own an account',
    async () => {
      const { code, result } = await withMutant('no-fencing', 2, (home) =>
        chaos(home, ...RUN, '--seed', '1', '--faults-per-run', '1'),
      );
      expect(code).toBe(6);
      expect(result.intrusions).toBeGreaterThan(0);
      expect(result.failures).toContainEqual(expect.objectContaining({ kind: 'two-owners' }));
    },
    WITHIN_MS,
  );
});
