import { ENTRY, STOP_EXIT } from '../../backtest/engine/working-order.ts';
import { TRIGGER_PASSED } from '../../orders/refusal-reason.ts';
import type { SessionEvent } from '../journal.ts';
import type { BookLedger } from './book-ledger.ts';
import type { OrderSlot } from './order-slot.ts';
import { noteDust, writeOff } from './leave-units.ts';
import { sweep } from './take-execution.ts';

type Ended = SessionEvent & { readonly kind: 'ended' };

/**
 * Takes in that an order will trade no more. What is left of an entry is gone, and the strategy sees an order less; an exit that has not
 * done its work stays wanted, as a new version.
 */
export function endOrder(slot: OrderSlot, ended: Ended, ledger: BookLedger): void {
  const { desk, order } = slot;
  slot.traded.delete(ended.version);
  const isTooSmall = ended.problem?.code === 'BELOW_MINIMUM';
  if (slot.purpose !== 'entry') sweep(slot, desk.desk.mark, ended.status === 'failed' || isTooSmall, ledger);
  if (isTooSmall && slot.isPersonal) leaveAsDust(slot, ended, ledger);
  if (ended.version !== slot.version || slot.isOver) return;
  slot.isOver = true;
  if (!order.isLive || slot.isFilled) return;
  if (isGone(slot)) {
    if (ended.status !== 'cancelled' || slot.isWanted) ledger.note(desk, slot.number, codeOf(ended), told(slot, ended));
    desk.desk.cancel(order);
    return;
  }
  ledger.note(desk, slot.number, codeOf(ended), told(slot, ended));
  slot.isReached = false;
  if (order.role === STOP_EXIT && isPassed(ended)) {
    // Nothing has failed: it is an order at the market from here on.
    slot.isTriggered = true;
    slot.failures = 0;
    return;
  }
  if (slot.failedBar !== desk.desk.bar) slot.failures = 0;
  slot.failures += 1;
  slot.failedBar = desk.desk.bar;
}

/** What is to be left and is too little at the venue's price stays, whatever the last close makes of it: otherwise a flattening would never end. */
function leaveAsDust(slot: OrderSlot, { version }: Ended, ledger: BookLedger): void {
  const { desk, trade, filled } = slot;
  const holding = trade === null ? undefined : desk.holdings.get(trade);
  if (holding === undefined || version !== slot.version || filled > 0) return;
  noteDust(desk, holding, ledger);
  writeOff(desk, holding, ledger, slot);
}

/** Whether the venue took a stop for one that the market has passed. */
function isPassed({ status, problem }: Ended): boolean {
  return status === 'failed' && problem?.code === TRIGGER_PASSED;
}

/** An entry, or a resting sell of the strategy. Its sells at market are exits that still have to be done. */
function isGone({ order, isTriggered }: OrderSlot): boolean {
  return order.role === ENTRY && (order.side > 0 || !(order.isMarket || isTriggered));
}

function codeOf({ status, problem }: Ended): string {
  return problem?.code ?? `ORDER_${status.toUpperCase()}`;
}

function told({ desk, terms, filled, order }: OrderSlot, { status, problem }: Ended): string {
  const all = terms === null ? '' : ` of ${desk.steps.quantity(terms.lots)}`;
  const side = order.side > 0 ? 'buy' : 'sell';
  const traded = `${side} ${status} with ${desk.steps.quantity(Math.round(filled))}${all} traded`;
  return problem === null ? traded : `${traded}: ${problem.detail}`;
}
