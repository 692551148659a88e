import type { ExitReason } from '../trade.ts';
import type { OpenTrade } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { checkRoom } from './waiting-limit.ts';
import { CLOSE, WorkingOrder } from './working-order.ts';

const MARKET = { limit: Number.NaN, stop: Number.NaN } as const;

/** Orders a market exit of `units` of a trade. */
export function closeOrder(desk: SymbolDesk, trade: OpenTrade, units: number, reason: ExitReason): void {
  const order = new WorkingOrder(CLOSE, trade.side > 0 ? -1 : 1, MARKET, units, trade, reason);
  order.givenBar = desk.bar;
  desk.tally.submitted++;
  desk.book.putFirst(order);
}

/** Orders a market exit of a share of everything that is held. A tag of the exit is written on trades that have none. */
export function closePosition(desk: SymbolDesk, share: number, tag: string | undefined): void {
  if (typeof share === 'object') {
    throw new RangeError('close takes no object: give the share of the position and a tag, such as close(0.5, "half")');
  }
  if (tag !== undefined && typeof tag !== 'string') throw new RangeError(`tag is ${String(tag)}: give a text`);
  if (!(typeof share === 'number' && share > 0 && share <= 1)) {
    throw new RangeError(`close(${String(share)}): give the share of the position to close, above 0 and at most 1`);
  }
  checkRoom(desk);
  for (const trade of desk.trades) {
    if (tag !== undefined) trade.tag ??= tag;
    closeOrder(desk, trade, desk.steps.shareOf(Math.abs(trade.size), share), 'signal');
  }
}
