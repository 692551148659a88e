/** A venue worker that is wrong: it takes an order for cancelled as soon as it means to cancel it, and the venue never hears of that. */
import type * as VenueAccounts from '../../../adapters/venues/venue-account.ts';
import { built } from './built.ts';

const { CcxtVenueAccount } = await built<typeof VenueAccounts>('adapters/venues/venue-account.js');
const { prototype } = CcxtVenueAccount;
// oxlint-disable-next-line typescript/unbound-method -- it is called on the very account that the changed one is called on
const find = prototype.findByClientOrderId;
const meant = new Set<string>();
prototype.cancel = (_symbol, clientOrderId) => {
  meant.add(clientOrderId);
  return Promise.resolve();
};
prototype.findByClientOrderId = async function findEnded(symbol, clientOrderId) {
  const order = await find.call(this, symbol, clientOrderId);
  return order?.status === 'open' && meant.has(clientOrderId) ? { ...order, status: 'cancelled' } : order;
};
await built('workers/venue.js');
