// Reversion: a close outside the band goes back to the middle. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'bollinger-reversion', params: { stopLoss: 0.04 } });
