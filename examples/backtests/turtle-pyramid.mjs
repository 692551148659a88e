// Free-form: sizes by risk and adds to what wins. On synthetic bars, or your own with --data F.csv (--help tells more).
import { runExample } from './run-example.mjs';

await runExample({ id: 'turtle-pyramid', params: {} });
