import { candlePattern } from './candle-pattern.ts';
import { penetration, Star, STAR_LOOKBACK } from './star.ts';

/** Morning star, bullish: a long black body, a short one that gaps down, a white one that closes well within the first. 100. */
export const cdlmorningstar = candlePattern({
  name: 'CDLMORNINGSTAR',
  title: 'Morning star',
  params: [penetration],
  lookback: STAR_LOOKBACK,
  search: (params) => new Star(true, params.penetration!),
});
