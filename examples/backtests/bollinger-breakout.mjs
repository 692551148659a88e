// Breakout: a close outside the band is the start of a move. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'bollinger-breakout', params: { trailingStop: 0.04 } });
