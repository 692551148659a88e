import { type Decimal, toText } from '../../market/decimal.ts';
import type { OrderRegistry } from './order-registry.ts';
import type { SessionDesk } from './session-desk.ts';

/** What an order has traded, of which more may come. */
export interface PartlyFilled {
  readonly order: number;
  readonly version: number;
  readonly quantity: Decimal;
}

/** What the books say that can be sold; plain data. */
export interface Holdings {
  /** In base, by symbol: dust included. */
  readonly units: Readonly<Record<string, Decimal>>;
  readonly filled: readonly PartlyFilled[];
}

export function holdingsOf(desks: readonly SessionDesk[], registry: OrderRegistry): Holdings {
  const filled: PartlyFilled[] = [];
  for (const slot of registry.slots) {
    for (const [version, quantity] of slot.traded) {
      filled.push({ order: slot.number, version, quantity: toText(quantity) });
    }
  }
  return { units: Object.fromEntries(desks.map((desk) => [desk.symbol, toText(desk.units.plus(desk.dust))])), filled };
}
