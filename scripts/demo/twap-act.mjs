import { setTimeout as delay } from 'node:timers/promises';
import { command } from './demo-stack.mjs';
import { killWorkers, tellReturns } from './strikes.mjs';
import { chapter, tell } from './telling.mjs';

/** A market that is made up, on which an order can be worked. */
export const TWAP_VENUE = {
  id: 'sim',
  protocol: 'binance-spot',
  feed: { kind: 'synthetic', seed: 1 },
  markets: [{ symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' }],
  balances: { USDT: '1000000', BTC: '20' },
};

const ORDER = {
  algo: 'twap',
  venue: TWAP_VENUE.id,
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '0.5',
  durationMs: 30_000,
  slices: 10,
};
const KILL_AFTER_FILLS = 3;
const POLL_MS = 200;
const GIVE_UP_AFTER_MS = 180_000;

/** A TWAP whose workers die in the middle. Answers whether it was completed and the exchange's ledger agrees. */
export async function twapAct(stack, call) {
  chapter('A TWAP through the API: buy 0.5 BTC in 10 slices over 30 seconds, on a synthetic market');
  const { id, workflowId } = await call('POST', '/v1/executions', ORDER);
  tell(`accepted as ${workflowId}`);
  const status = await follow(call, id, stack);
  tell(`the execution is ${status}`);

  const home = ['--home', stack.home];
  chapter('Its fills');
  await command(['exec', 'fills', id, ...home]);
  chapter('What it cost, and its slices');
  await command(['exec', 'report', id, ...home]);
  chapter("The proof, from the exchange's own ledger");
  const exact = (await command(['verify', id, ...home])) === 0;
  return exact && status === 'completed';
}

/** Follows the execution to its end; kills the workers once, in the middle. */
async function follow(call, id, stack) {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  let shown = '';
  let victims = null;
  for (;;) {
    const execution = await call('GET', `/v1/executions/${id}`);
    if (execution.filled !== shown) {
      shown = execution.filled;
      tell(`${execution.status}: ${execution.filled} of ${execution.quantity} BTC bought`);
    }
    if (!['running', 'paused'].includes(execution.status)) return execution.status;
    if (victims === null) {
      const { items } = await call('GET', `/v1/executions/${id}/fills`);
      if (new Set(items.map((fill) => fill.orderId)).size >= KILL_AFTER_FILLS) victims = killWorkers(stack.record());
    } else {
      victims = tellReturns(stack.record(), victims);
    }
    if (performance.now() > deadline) throw new Error('the execution did not end in time');
    await delay(POLL_MS);
  }
}
