import { candlePattern } from './candle-pattern.ts';
import { penetration, Star, STAR_LOOKBACK } from './star.ts';

/** Evening star, bearish: a long white body, a short one that gaps up, a black one that closes well within the first. -100. */
export const cdleveningstar = candlePattern({
  name: 'CDLEVENINGSTAR',
  title: 'Evening star',
  params: [penetration],
  lookback: STAR_LOOKBACK,
  search: (params) => new Star(false, params.penetration!),
});
