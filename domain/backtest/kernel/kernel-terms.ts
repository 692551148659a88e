import { stepsOf, TradingSteps } from '../engine/steps.ts';
import { BrokerTerms } from '../engine/terms.ts';
import type { BrokerSettings, Sizing } from '../settings.ts';

/** The broker and the sizing as the position loop reads them: the arithmetic of steps and prices is that of the event engine. */
export interface KernelTerms {
  readonly cash: number;
  readonly broker: BrokerTerms;
  readonly steps: TradingSteps;
  readonly finalize: boolean;
  readonly sizing: 'cashShare' | 'cash' | 'units';
  readonly sizeValue: number;
}

/** Throws a `RangeError` for a sizing that the kernel does not have: `kernelRefusal` says so before. */
export function kernelTerms(settings: BrokerSettings, sizing: Sizing, symbol: string): KernelTerms {
  if (sizing.kind !== 'cashShare' && sizing.kind !== 'cash' && sizing.kind !== 'units') {
    throw new RangeError(`sizing ${sizing.kind}: the signal kernel sizes by cashShare, cash and units`);
  }
  const steps = new TradingSteps(stepsOf(settings, symbol), settings.wholeUnits);
  return {
    cash: settings.cash,
    broker: new BrokerTerms(settings),
    steps,
    finalize: settings.finalize,
    sizing: sizing.kind,
    sizeValue: sizing.value,
  };
}
