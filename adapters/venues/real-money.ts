import type { VenueProfile } from '../ports/order-ledger.ts';

/** Whether orders of that account trade real money: the one thing that is decided by its label, and only before a session starts. */
export function usesRealMoney({ label }: Pick<VenueProfile, 'label'>): boolean {
  return label === 'live';
}
