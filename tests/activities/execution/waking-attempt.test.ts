import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import type { ChildCommand, ChildOutcome } from '../../../domain/execution/commands.ts';
import { Bench, firstChild, plan } from '../fakes/bench.ts';

/**
 * An attempt whose process was stopped for longer than its heartbeat time-out is thought dead; another attempt does the work; then
 * the first wakes up where it was.
 */
describe('an attempt that wakes up after another has taken its place', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });

  /** Begins a child and stops it while the quote is on its way. `wake` lets it go on and gives what comes of it. */
  async function asleep(command: ChildCommand): Promise<{ wake(): Promise<ChildOutcome> }> {
    const quote = bench.venue.quote.bind(bench.venue);
    let wakeUp: () => void = () => undefined;
    const reached = new Promise<void>((atQuote) => {
      bench.venue.quote = async () => {
        const answer = await quote();
        bench.venue.quote = quote;
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
          atQuote();
        });
        return answer;
      };
    });
    const outcome = executeChild(bench.deps(), command);
    // Its failure is looked at when it has woken up.
    outcome.catch(() => undefined);
    await reached;
    return {
      wake: () => {
        wakeUp();
        return outcome;
      },
    };
  }

  it('sends nothing when the other has sent', async () => {
    const first = await asleep(firstChild);
    await executeChild(bench.deps(), firstChild);
    await expect(first.wake()).rejects.toThrow('another attempt has written down the order');
    expect(bench.venue.sent).toHaveLength(1);
    // The attempt after it finds the intent and reports what the order became.
    await expect(executeChild(bench.deps(), firstChild)).resolves.toMatchObject({
      result: 'filled',
      totalFilled: '0.25',
    });
    expect(bench.venue.sent).toHaveLength(1);
  });

  it('sends nothing when the other was refused by the gate: the first decision stands', async () => {
    const first = await asleep(firstChild);
    bench.ledger.halts = [{ id: 'h1', scope: 'all', target: null, reason: 'news', setAt: 0 }];
    await expect(executeChild(bench.deps(), firstChild)).resolves.toMatchObject({ result: 'refused' });
    bench.ledger.halts = [];
    await expect(first.wake()).resolves.toMatchObject({ result: 'refused', problem: { code: 'HALTED' } });
    expect(bench.venue.sent).toEqual([]);
  });

  it('sends nothing when a later slice has traded meanwhile', async () => {
    const first = await asleep(firstChild);
    // The workflow has passed slice 1 over as too late for the other attempt, and slice 2 has caught it up.
    await executeChild(bench.deps(), {
      ...firstChild,
      slice: 2,
      child: 2,
      target: '0.5',
      previousTarget: '0.25',
      notAfter: plan.startAt + 30_000,
    });
    await expect(first.wake()).rejects.toThrow('the execution has moved on from 0 filled');
    expect(bench.venue.sent.map(({ order }) => order.quantity)).toEqual(['0.5']);
  });
});
