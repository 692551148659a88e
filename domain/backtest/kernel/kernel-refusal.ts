import type { Rules } from '../../strategies/rules.ts';
import type { BrokerSettings, Sizing } from '../settings.ts';

/**
 * Why the signal kernel cannot run a backtest, with the field and its value; `null` when it can. What it refuses, the event engine runs.
 */
export function kernelRefusal(broker: BrokerSettings, sizing: Sizing, rules: Rules): string | null {
  if (sizing.kind !== 'cashShare' && sizing.kind !== 'cash' && sizing.kind !== 'units') {
    return `sizing ${sizing.kind} needs the event engine: the signal kernel sizes by cashShare, cash and units`;
  }
  if (broker.volumeShare !== null) {
    return `broker.volumeShare = ${broker.volumeShare} needs the event engine: the signal kernel fills orders whole`;
  }
  if (broker.priceImpact !== 0) {
    return `broker.priceImpact = ${broker.priceImpact} needs the event engine: the signal kernel knows no volume`;
  }
  if (broker.intrabar !== 'worst-first' && watchesPrices(rules)) {
    return `broker.intrabar = ${broker.intrabar} needs the event engine: the signal kernel runs stops worst-first`;
  }
  return null;
}

function watchesPrices({ stops = {} }: Rules): boolean {
  return stops.stopLoss !== undefined || stops.takeProfit !== undefined || stops.trailingStop !== undefined;
}
