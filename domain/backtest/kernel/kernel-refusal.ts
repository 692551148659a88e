import type { ProtectiveStops, Rules } from '../../strategies/rules.ts';
import { watchesPrices } from './combo-state.ts';
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
  if (broker.intrabar !== 'worst-first' && watchesPrices(rules.stops ?? {})) {
    return `broker.intrabar = ${broker.intrabar} needs the event engine: the signal kernel runs stops worst-first`;
  }
  return stopsProblem(rules.stops ?? {});
}

/** The event engine refuses such exits bar by bar, and says which. */
function stopsProblem({ stopLoss, takeProfit, trailingStop, maxBars }: ProtectiveStops): string | null {
  const isRatio = (value: number): boolean => value > 0 && value < 1;
  if (stopLoss !== undefined && !isRatio(stopLoss)) return `stops.stopLoss = ${stopLoss}: give a ratio between 0 and 1`;
  if (trailingStop !== undefined && !isRatio(trailingStop)) {
    return `stops.trailingStop = ${trailingStop}: give a ratio between 0 and 1`;
  }
  if (takeProfit !== undefined && !(takeProfit > 0 && Number.isFinite(takeProfit))) {
    return `stops.takeProfit = ${takeProfit}: give a ratio above 0`;
  }
  if (maxBars !== undefined && !(Number.isSafeInteger(maxBars) && maxBars >= 1)) {
    return `stops.maxBars = ${maxBars}: give a whole number of bars, at least 1`;
  }
  return null;
}
