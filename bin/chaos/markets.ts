import { readFileSync } from 'node:fs';
import Big from 'big.js';
import { type Decimal, floorToStep, toText } from '../../domain/market/decimal.ts';
import { homeLayout } from '../stack/home-layout.ts';
import type { StackRecord } from '../stack/stack-record.ts';
import { callAdmin } from '../stack/venue-admin.ts';

/** A market that can be traded now. */
export interface ChaosMarket {
  readonly venue: string;
  readonly symbol: string;
  readonly lot: Decimal;
  /** In quote per base. */
  readonly mid: Decimal;
}

interface VenueState {
  readonly markets: readonly {
    readonly symbol: string;
    readonly closed: string | null;
    readonly bid: Decimal | null;
    readonly ask: Decimal | null;
  }[];
}

interface VenueListing {
  readonly id: string;
  readonly markets: readonly { readonly symbol: string; readonly lot: Decimal }[];
}

/** The open markets of all simulated venues, in the order of the home's list. Throws when none is open. */
export async function openMarkets(record: StackRecord): Promise<readonly ChaosMarket[]> {
  const listings = JSON.parse(readFileSync(homeLayout(record.home).venuesFile, 'utf8')) as readonly VenueListing[];
  const markets: ChaosMarket[] = [];
  for (const venue of record.venues) {
    const state = (await callAdmin(venue, 'GET', '/state')) as VenueState;
    for (const { symbol, closed, bid, ask } of state.markets) {
      const lot = listings.find(({ id }) => id === venue.id)?.markets.find((each) => each.symbol === symbol)?.lot;
      if (closed !== null || bid === null || ask === null || lot === undefined) continue;
      markets.push({ venue: venue.id, symbol, lot, mid: toText(new Big(bid).plus(ask).div(2)) });
    }
  }
  if (markets.length === 0) throw new Error(`no market of the stack in ${record.home} is open`);
  return markets;
}

/** How much base a notional buys at the mid, in whole lots. */
export function quantityOf(notional: number, { lot, mid }: ChaosMarket): Decimal {
  return toText(floorToStep(new Big(notional).div(mid), new Big(lot)));
}
