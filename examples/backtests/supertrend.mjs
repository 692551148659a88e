// Trend: a stop line at a distance of the average true range, that turns with the price. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'supertrend', params: {} });
