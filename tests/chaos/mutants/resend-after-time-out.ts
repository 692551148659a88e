/**
 * A venue worker that is wrong: an order without an answer is sent once more under the same client order id, as clients do that take a time-out
 * for a failure.
 */
import type * as VenueAccounts from '../../../adapters/venues/venue-account.ts';
import { built } from './built.ts';

const { CcxtVenueAccount } = await built<typeof VenueAccounts>('adapters/venues/venue-account.js');
// oxlint-disable-next-line typescript/unbound-method -- it is called on the very account that the changed one is called on
const sendOnce = CcxtVenueAccount.prototype.send;
CcxtVenueAccount.prototype.send = async function sendTwice(order, timestamp, windowMs) {
  const outcome = await sendOnce.call(this, order, timestamp, windowMs);
  return outcome.kind === 'unknown' ? sendOnce.call(this, order, this.venueNow()) : outcome;
};
await built('workers/venue.js');
