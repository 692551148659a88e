// Oscillator: crosses of %K and %D at the extremes. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'stochastic', params: {} });
