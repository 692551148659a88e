// Direction, taken only while the trend is strong. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'adx-trend', params: {} });
