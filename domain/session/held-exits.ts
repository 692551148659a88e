import type { PlacedOrder } from './order.ts';

interface Exits {
  readonly symbol: string;
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
}

/**
 * Books of a session that has ended, with the stops and targets alone that the venue still holds: those that were watched, or were taken back, are
 * nobody's any more.
 */
export function withHeldExits<P extends Exits, B extends { readonly positions: readonly P[] }>(
  books: B,
  placed: readonly Pick<PlacedOrder, 'symbol' | 'purpose' | 'state'>[],
): B {
  const isHeld = (symbol: string, purpose: PlacedOrder['purpose']): boolean =>
    placed.some((order) => order.symbol === symbol && order.purpose === purpose && order.state !== 'ended');
  const positions = books.positions.map((position) => ({
    ...position,
    stopLoss: isHeld(position.symbol, 'stop-loss') ? position.stopLoss : null,
    takeProfit: isHeld(position.symbol, 'take-profit') ? position.takeProfit : null,
  }));
  return { ...books, positions };
}
