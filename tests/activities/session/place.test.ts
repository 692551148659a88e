import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { SessionBench } from './session-bench.ts';

it('starts an order that is no longer wanted before it asks it to end, so that it never trades', async () => {
  const bench = new SessionBench({ bars: 60 });
  const { workflows } = bench.deps;
  let isAway = true;
  bench.deps = {
    ...bench.deps,
    workflows: {
      ...workflows,
      start: async (execution) => {
        await setImmediate();
        if (isAway) throw new Error('nobody answers');
        await workflows.start(execution);
      },
    },
  };
  while (bench.sessions.orders.size === 0) await bench.run();
  expect(bench.orders.size).toBe(0);
  await bench.sessions.store.command('s1', { kind: 'pause', mode: 'keep', by: 'ann' }, 'pause');
  await bench.run();
  isAway = false;
  await bench.run();
  const [order] = bench.orders.values();
  expect(order!.isCancelled).toBe(true);
  expect([order!.progress.final?.status, order!.progress.filled, bench.held]).toEqual(['cancelled', '0', '0']);
});

it('asks an order again to end whose workflow was lost when it was asked first', async () => {
  const bench = new SessionBench({ bars: 60 });
  while (bench.orders.size === 0) await bench.run();
  bench.holdsMarketOrders = true;
  const { workflows } = bench.deps;
  const asked: string[] = [];
  bench.deps = {
    ...bench.deps,
    workflows: {
      ...workflows,
      cancel: async (executionId) => {
        asked.push(executionId);
        return asked.length > 2 && workflows.cancel(executionId);
      },
    },
  };
  await bench.sessions.store.command('s1', { kind: 'pause', mode: 'keep', by: 'ann' }, 'pause');
  await bench.run();
  const [order] = bench.orders.values();
  expect(asked).toEqual([order!.execution.id, order!.execution.id, order!.execution.id]);
  expect(order!.progress.final?.status).toBe('cancelled');
});
