import Big from 'big.js';
import { toText } from '../../market/decimal.ts';
import type { MovedAmounts } from './account-moves.ts';

/** What others may do to an account. */
export type MoveCause = 'hand-trade' | 'withdrawal' | 'deposit';

/** The cause of a difference, and the sentence about it. */
export interface Cause {
  readonly cause: MoveCause | 'unknown';
  readonly told: string;
}

const NONE = new Big(0);

/**
 * Why so much of an asset is missing: trades by hand or open orders by hand where these alone account for it, a withdrawal where that alone does,
 * whichever of them took more where only both together do. Otherwise the cause is not known, and what is known is told.
 */
export function causeOf(asset: string, missing: Big, { byHand, byTransfer, heldBack }: MovedAmounts): Cause {
  const held = heldBack.get(asset) ?? NONE;
  const traded = taken(byHand.get(asset));
  const hand = traded.plus(held);
  const sent = taken(byTransfer.get(asset));
  const parts = [
    ...(traded.gt(0) ? [`trades by hand took ${toText(traded)} ${asset}`] : []),
    ...(held.gt(0) ? [`open orders by hand hold ${toText(held)} ${asset} back`] : []),
    ...(sent.gt(0) ? [`${toText(sent)} ${asset} were withdrawn`] : []),
  ];
  const known = parts.join(' and ');
  if (hand.gte(missing)) return { cause: 'hand-trade', told: known };
  if (sent.gte(missing)) return { cause: 'withdrawal', told: known };
  if (hand.plus(sent).gte(missing)) return { cause: hand.gte(sent) ? 'hand-trade' : 'withdrawal', told: known };
  return {
    cause: 'unknown',
    told: parts.length === 0 ? 'no trade by hand and no withdrawal is known' : `only part of it is known: ${known}`,
  };
}

function taken(amount: Big | undefined): Big {
  return amount?.lt(0) ? amount.abs() : NONE;
}
