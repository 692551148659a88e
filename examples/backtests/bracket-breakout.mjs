// Free-form: each entry carries a stop loss and a take profit. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'bracket-breakout', params: {} });
