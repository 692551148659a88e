/**
 * A venue worker that is wrong: an order without an answer counts as never placed, nobody looks for it, and its quantity is sent again with the
 * next child. Its client order ids are all different, so that no exchange refuses anything and nothing shows but the quantity.
 */
import type * as VenueAccounts from '../../../adapters/venues/venue-account.ts';
import { built } from './built.ts';

const { CcxtVenueAccount } = await built<typeof VenueAccounts>('adapters/venues/venue-account.js');
// oxlint-disable-next-line typescript/unbound-method -- it is called on the very account that the changed one is called on
const sendOnce = CcxtVenueAccount.prototype.send;
CcxtVenueAccount.prototype.send = async function concludeAtOnce(order, timestamp, windowMs) {
  const outcome = await sendOnce.call(this, order, timestamp, windowMs);
  if (outcome.kind !== 'unknown') return outcome;
  return { kind: 'refused', code: 'NO_ANSWER', message: 'no answer came', retry: 'later' };
};
await built('workers/venue.js');
