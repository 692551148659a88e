// What every strategy has to beat. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'buy-and-hold', params: {} });
