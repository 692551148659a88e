// The same with exponential averages, which turn sooner. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'ema-cross', params: { fast: 20, slow: 100 } });
