import type { Balances } from 'ccxt';
import type { Balance } from '../../ports/venue.ts';
import type { VenueCalls } from '../capabilities/capability.ts';
import { exactTextOrNull } from '../exact-text.ts';

/** Asks for the balances of the account; `weight` is what the venue counts for it. */
export function readBalances(calls: VenueCalls, weight: number): Promise<readonly Balance[]> {
  return calls.call('orders', weight, async () => balancesIn(await calls.exchange.fetchBalance()));
}

/** The balances in an answer that ccxt has read. */
export function balancesIn({ free, used }: Balances): readonly Balance[] {
  const amounts = free as unknown as Record<string, unknown>;
  const locked = used as unknown as Record<string, unknown>;
  return Object.keys(amounts).map((asset) => ({
    asset,
    free: exactTextOrNull(amounts[asset], `free ${asset}`) ?? '0',
    locked: exactTextOrNull(locked[asset], `locked ${asset}`) ?? '0',
  }));
}
