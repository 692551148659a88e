// Reversion: buys weakness, sells strength, with a stop. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'rsi-reversion', params: { stopLoss: 0.05 } });
