// Two timeframes: buys a dip of the hours while the days trend up. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'trend-pullback', params: { trendHours: 24 } });
