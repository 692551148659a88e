// Trend: long while the fast average is above the slow one. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'sma-cross', params: { fast: 20, slow: 100 } });
