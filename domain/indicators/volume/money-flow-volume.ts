/**
 * Chaikin's money flow volume of a bar: its volume times where the close lies between low (-1) and high (+1); 0 for a bar without
 * range.
 */
export function moneyFlowVolume(high: number, low: number, close: number, volume: number): number {
  const range = high - low;
  return range > 0 ? ((close - low - (high - close)) / range) * volume : 0;
}
