import { expect, it } from '@jest/globals';
import Big from 'big.js';
import { decide } from '../../../adapters/sessions/decide.ts';
import { RunControl } from '../../../adapters/backtests/control.ts';
import { failure } from '../../../domain/backtest/failure.ts';
import { SessionBench, SYMBOL } from './session-bench.ts';

/** A session that holds ten units, less the fee of one in a thousand, and whose books cannot be made since. */
async function orphaned(): Promise<SessionBench> {
  let isBroken = false;
  const bench = new SessionBench({
    bars: 60,
    decider: {
      decide: async (request) => {
        if (isBroken) throw failure('REPLAY_DIFFERS', 'its candles are others');
        return decide(request, new RunControl());
      },
      close: async () => undefined,
    },
  });
  while (bench.stops.length === 0) await bench.until(bench.record.bars + 1);
  expect(bench.held).toBe('9.99');
  isBroken = true;
  return bench;
}

/** As `session adjust` puts it on record, which no step can book. */
function adjust({ sessions }: SessionBench, quantity: string): void {
  const { seq, version, lastBar } = sessions.record;
  const event = { kind: 'adjusted', symbol: SYMBOL, quantity, price: '100', reason: 'looked' } as const;
  sessions.entries.push({ seq: seq + 1, after: lastBar, event });
  sessions.record = { ...sessions.record, seq: seq + 1, version: version + 1, settled: false };
}

const flatten = (bench: SessionBench) =>
  bench.sessions.store.command('s1', { kind: 'stop', by: 'ann', mode: 'flatten' }, 'stop');

async function ended(bench: SessionBench): Promise<readonly string[]> {
  while (bench.record.status === 'stopping') await bench.run();
  return [...bench.orders.values()]
    .filter(({ execution: { plan } }) => plan.side === 'sell' && plan.params['kind'] === 'marketable')
    .map(({ execution }) => execution.plan.quantity);
}

it.each([
  ["the coin that is somebody else's is not sold", ['-4'], '5.99'],
  ['the coin that was found is sold as well', ['2', '-0.5'], '11.49'],
])('a stop without books takes in what a person has put right, once: %s', async (_, changes, sold) => {
  const bench = await orphaned();
  for (const change of changes) adjust(bench, change);
  await flatten(bench);
  const sells = await ended(bench);
  expect(sells.reduce((sum, each) => sum.plus(each), new Big(0)).toFixed()).toBe(sold);
  expect(bench.record).toMatchObject({ status: 'stopped', books: { positions: [{ units: 0 }] } });
});

it('and what is put right while it is being stopped', async () => {
  const bench = await orphaned();
  adjust(bench, '-4');
  await flatten(bench);
  bench.holdsMarketOrders = true;
  bench.standStill();
  await bench.run(1_000);
  expect(bench.record.books).toMatchObject({ bookedUpTo: bench.record.seq, positions: [{ quantity: '5.99' }] });
  adjust(bench, '-1');
  await bench.run(1_000);
  expect(bench.record.books).toMatchObject({ bookedUpTo: bench.record.seq, positions: [{ quantity: '4.99' }] });
});
