// Breakout of the highest high; leaves at the lowest low of a shorter channel. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'donchian-turtle', params: {} });
