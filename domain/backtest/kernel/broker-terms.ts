import type { BrokerSettings, Sizing } from '../settings.ts';

/** The broker's settings as the position loop reads them. */
export interface BrokerTerms {
  readonly cash: number;
  readonly taker: number;
  readonly fixed: number;
  readonly spread: number;
  /** Ratio. */
  readonly slippage: number;
  readonly margin: number;
  readonly fillsAtClose: boolean;
  readonly finalize: boolean;
  readonly sizing: 'cashShare' | 'cash' | 'units';
  readonly sizeValue: number;
  /** Quantity step, 0 for none; whole units are a step of 1. */
  readonly lot: number;
  readonly minNotional: number;
}

/** Throws when the kernel cannot size so: `kernelRefusal` says it before. */
export function brokerTerms(broker: BrokerSettings, sizing: Sizing, symbol: string): BrokerTerms {
  if (sizing.kind !== 'cashShare' && sizing.kind !== 'cash' && sizing.kind !== 'units') {
    throw new RangeError(
      `sizing ${sizing.kind}: the signal kernel sizes by cashShare, cash or units; use the event engine`,
    );
  }
  const steps = broker.instruments[symbol] ?? { tick: 0, lot: 0, minNotional: 0 };
  return {
    cash: broker.cash,
    taker: broker.commission.taker,
    fixed: broker.commission.fixed,
    spread: broker.spread,
    slippage: broker.slippageBps / 10_000,
    margin: broker.margin,
    fillsAtClose: broker.fill === 'close',
    finalize: broker.finalize,
    sizing: sizing.kind,
    sizeValue: sizing.value,
    lot: broker.wholeUnits ? Math.max(1, steps.lot) : steps.lot,
    minNotional: steps.minNotional,
  };
}
