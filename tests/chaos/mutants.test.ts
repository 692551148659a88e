import { describe, expect, it } from '@jest/globals';
import { chaos, withMutant } from './chaos-run.ts';

/** A start, one run of executions of at most 20 s, and a drain. */
const WITHIN_MS = 120_000;
const RUN = ['--runs', '1', '--length', '20s', '--targets', 'faults'];

describe('chaos catches a protocol that', () => {
  it(
    'sends an order again when no answer came',
    async () => {
      // Seed 1 lets four new orders time out after they were accepted.
      const { code, result } = await withMutant('resend-after-time-out', 1, (home) =>
        chaos(home, ...RUN, '--seed', '1', '--faults-per-run', '8'),
      );
      expect(code).toBe(6);
      expect(result.duplicates).toBeGreaterThan(0);
      expect(result.failures).toContainEqual(
        expect.objectContaining({
          kind: 'duplicate',
          run: 1,
          seed: 1,
          detail: expect.stringContaining('its client order id was accepted before'),
        }),
      );
      expect({ lost: result.lost, intrusions: result.intrusions }).toEqual({ lost: 0, intrusions: 0 });
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
      expect({ duplicates: result.duplicates, lost: result.lost }).toEqual({ duplicates: 0, lost: 0 });
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
