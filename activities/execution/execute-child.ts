import type { Intent } from '../../adapters/ports/order-ledger.ts';
import type { ChildCommand, ChildOutcome, ChildResult, Problem } from '../../domain/execution/commands.ts';
import type { OrderRequest } from '../../domain/orders/order.ts';
import { isUnsettled } from '../../domain/orders/lifecycle.ts';
import { keyOf } from './child-records.ts';
import type { AccountDependencies } from './dependencies.ts';
import { resolveIntent } from './look-up.ts';
import { placeChild } from './place-child.ts';
import { closeUnplaced, settleOrder } from './settle-child.ts';

/** Problem code of an order that was written down and then not sent, because its time had passed. */
const NOT_SENT_IN_TIME = 'NOT_SENT_IN_TIME';

/**
 * All of one child order. Safe to run again at any point: an attempt that finds the intent looks the order up and never sends
 * it, since whoever wrote the intent may have sent it.
 */
export async function executeChild(deps: AccountDependencies, command: ChildCommand): Promise<ChildOutcome> {
  const known = await deps.ledger.findIntent(keyOf(command));
  if (known !== null) {
    await finish(deps, known);
    return outcomeOfIntent(deps, command);
  }
  if (deps.clock.now() > command.notAfter) {
    return outcome(deps, command, 'expired', {
      code: 'TOO_LATE',
      detail: `slice ${command.slice} was due until ${new Date(command.notAfter).toISOString()}; nothing was sent`,
    });
  }
  const placement = await placeChild(deps, command);
  switch (placement.kind) {
    case 'carried':
      return outcome(deps, command, 'carried', placement.problem);
    case 'denied':
      return outcome(deps, command, 'refused', placement.problem, !placement.isLasting);
    case 'intent': {
      await sendOnce(deps, placement.intent);
      return outcomeOfIntent(deps, command);
    }
    default:
      return placement satisfies never;
  }
}

/** Steps 3 to 6 for whoever has just written the intent: this is the only place that sends an order. */
async function sendOnce(deps: AccountDependencies, intent: Intent): Promise<void> {
  if (deps.clock.now() > intent.notAfter) {
    const detail = `its time had passed at ${new Date(intent.notAfter).toISOString()}, before it could be sent`;
    await closeUnplaced(deps, intent, 'not-placed', { code: NOT_SENT_IN_TIME, detail });
    return;
  }
  const sent = await deps.account.send(
    requestOf(intent),
    intent.signedAt,
    // The venue itself holds `notAfter`: however long the request waits on its way, it is refused from then on.
    Math.max(1, intent.notAfter - intent.sentAt),
  );
  switch (sent.kind) {
    case 'acknowledged':
      await settleOrder(deps, intent, sent.order, sent.fills);
      return;
    case 'refused':
      await closeUnplaced(deps, intent, 'refused', { code: sent.code, detail: sent.message }, sent.retry === 'later');
      return;
    case 'unknown':
      deps.log('the outcome of an order is unknown', { clientOrderId: intent.clientOrderId, reason: sent.reason });
      await finish(deps, intent);
      return;
    default:
      return sent satisfies never;
  }
}

function requestOf({ symbol, side, quantity, price, clientOrderId, mode, stopPrice }: Intent): OrderRequest {
  const order = { symbol, side, quantity, price, clientOrderId, type: 'limit' } as const;
  switch (mode) {
    case 'take':
      return { ...order, timeInForce: 'IOC' };
    case 'post-only':
      return { ...order, timeInForce: 'GTC', postOnly: true };
    case 'rest':
      return { ...order, timeInForce: 'GTC' };
    case 'stop':
      if (stopPrice === null) throw new Error(`the stop order ${clientOrderId} has no trigger`);
      return { ...order, timeInForce: 'GTC', stopPrice };
    default:
      return mode satisfies never;
  }
}

/** Brings an intent that may have been sent to its end by look-ups alone. */
export async function finish(deps: AccountDependencies, intent: Intent): Promise<void> {
  if (!isUnsettled(intent.state)) return;
  const order = intent.state === 'working' ? await findSeen(deps, intent) : await resolveIntent(deps, intent);
  if (order !== null) {
    await settleOrder(deps, intent, order);
    return;
  }
  // A stream may have shown a trade of it while the look-ups found nothing: then it exists.
  const now = await deps.ledger.findIntent(intent);
  if (now !== null && now.state !== 'sending') return finish(deps, now);
  const detail = 'no look-up found the order, and it can no longer reach the book';
  await closeUnplaced(deps, intent, 'not-placed', { code: 'NOT_PLACED', detail });
}

/** An order that was seen once exists: it is asked for until it shows, and never given up. */
async function findSeen(deps: AccountDependencies, intent: Intent): ReturnType<typeof resolveIntent> {
  for (;;) {
    const order = await resolveIntent(deps, intent);
    if (order !== null) return order;
    deps.log('the venue has forgotten an order that it had shown', { clientOrderId: intent.clientOrderId });
  }
}

async function outcomeOfIntent(deps: AccountDependencies, command: ChildCommand): Promise<ChildOutcome> {
  const key = keyOf(command);
  const intent = await deps.ledger.findIntent(key);
  if (intent === null) throw new Error(`order intent ${key.executionId}|${key.child}|${key.attempt} is gone`);
  return outcome(deps, command, resultOf(intent), intent.problem, intent.retryable);
}

function resultOf({ state }: Intent): ChildResult {
  switch (state) {
    case 'filled':
    case 'partially-filled':
    case 'expired':
    case 'refused':
    case 'not-placed':
      return state;
    case 'cancelled':
      return 'expired';
    case 'sending':
    case 'working':
      throw new Error(`an order intent that was finished is still ${state}`);
    default:
      return state satisfies never;
  }
}

async function outcome(
  deps: AccountDependencies,
  { plan }: ChildCommand,
  result: ChildResult,
  problem: Problem | null,
  retryable = true,
): Promise<ChildOutcome> {
  const { filled } = await deps.ledger.position(plan.executionId);
  return { result, totalFilled: filled, problem, retryable };
}
