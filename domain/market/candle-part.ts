import { canResample } from './resample.ts';
import { isTimeframe, type Timeframe, timeframeMs } from './timeframe.ts';

/**
 * The timeframe that bars of `timeframe` are made of: itself where it is among `known`, else the largest of those that fills it; `null` when none does.
 * @param known what a venue has, in its own order; names that are no timeframes of ours, such as calendar months, are passed over
 */
export function candlePart(timeframe: Timeframe, known: readonly string[]): Timeframe | null {
  if (known.includes(timeframe)) return timeframe;
  const parts = known.filter((each) => isTimeframe(each) && canResample(each, timeframe));
  return parts.toSorted((a, b) => timeframeMs(b) - timeframeMs(a))[0] ?? null;
}
