import { describe, expect, it } from '@jest/globals';
import { ALWAYS_IN, chaos, withMutant } from './chaos-run.ts';

/** A start, one run of executions of at most 14 s, a minute's patience with those that never end, and a drain. */
const WITHIN_MS = 180_000;
const RUN = ['--runs', '1', '--length', '14s', '--targets', 'faults'];

describe('chaos catches sessions that', () => {
  it(
    'forget their stops when a worker dies',
    async () => {
      const stack = { mutant: 'stops-forgotten-after-a-restart', of: 'trading' };
      // Seed 8 kills the trading worker after 8.6 s.
      const run = ['--runs', '1', '--length', '80s', '--targets', 'trading', '--faults-per-run', '1', '--seed', '8'];
      const { code, result } = await withMutant(stack, (home) =>
        chaos(home, ...run, '--sessions', '1', '--strategy', ALWAYS_IN, '--executions', '0'),
      );
      expect(code).toBe(6);
      expect(result.kills).toBe(1);
      expect(result.failures).toContainEqual(
        expect.objectContaining({
          kind: 'unprotected',
          detail: expect.stringContaining('it held a position without a working stop'),
        }),
      );
      expect(result.sessions?.unprotectedMs.max).toBeGreaterThan(10_000);
      // Nothing else is wrong with what they hold.
      expect(result.failures).not.toContainEqual(expect.objectContaining({ kind: 'doubled-position' }));
      expect(result).toMatchObject({ duplicates: 0, lost: 0, inexact: 0 });
    },
    // Longer than the others by its run: whatever the worker needs to come up again, positions are opened after that.
    WITHIN_MS + 120_000,
  );
});

describe('chaos catches a protocol that', () => {
  it(
    'sends an order again when no answer came',
    async () => {
      // Seed 38 drops the answers to seven new orders after they were accepted.
      const { code, result } = await withMutant({ mutant: 'resend-after-time-out' }, (home) =>
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
    'takes an order without an answer for never placed',
    async () => {
      // Without the user stream nothing repairs what it does not look up.
      const stack = { mutant: 'not-placed-without-look-ups', without: 'market-data' };
      const { code, result } = await withMutant(stack, (home) =>
        chaos(home, ...RUN, '--seed', '38', '--faults-per-run', '8'),
      );
      expect(code).toBe(6);
      expect(result.overfilled).toBeGreaterThan(0);
      expect(result.failures).toContainEqual(expect.objectContaining({ kind: 'overfilled' }));
      // Every order has an id of its own, so that nobody sees it by that.
      expect(result.failures).not.toContainEqual(
        expect.objectContaining({ detail: expect.stringContaining('its client order id was accepted before') }),
      );
    },
    WITHIN_MS,
  );

  it(
    'takes an order for cancelled which the venue still has',
    async () => {
      const { code, result } = await withMutant({ mutant: 'cancel-does-nothing' }, (home) =>
        chaos(home, ...RUN, '--seed', '1', '--faults-per-run', '1'),
      );
      expect(code).toBe(6);
      // Such an order is open still, or the market has come to it and it has traded what nobody wanted any more.
      expect(result.failures).toContainEqual(
        expect.objectContaining({ kind: expect.stringMatching(/^(left-open|overfilled|lost|inexact)$/) }),
      );
    },
    WITHIN_MS,
  );

  it(
    'counts a fill twice',
    async () => {
      const { code, result } = await withMutant({ mutant: 'fills-counted-twice' }, (home) =>
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
      const { code, result } = await withMutant({ mutant: 'no-fencing', workers: 2 }, (home) =>
        chaos(home, ...RUN, '--seed', '1', '--faults-per-run', '1'),
      );
      expect(code).toBe(6);
      expect(result.intrusions).toBeGreaterThan(0);
      expect(result.failures).toContainEqual(expect.objectContaining({ kind: 'two-owners' }));
    },
    WITHIN_MS,
  );
});
