// Momentum: the MACD line against its signal. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'macd', params: {} });
