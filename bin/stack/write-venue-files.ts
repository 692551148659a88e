/**
 * Prepares a home for containers, where no supervisor does it: the simulator's configuration, the venue accounts and their keys, for
 * the venues of `TRADEWIND_VENUES` (a `--venues` file) or the default one. `TRADEWIND_SIMULATOR_HOST` is the simulator's host name.
 */
import { resolveHome } from '../terminal/home.ts';
import { createHome, homeLayout } from './home-layout.ts';
import { FIRST_VENUE_PORT, writeVenueFiles } from './venue-files.ts';
import { checkVenueCandles, DEFAULT_VENUES, readVenuesFile } from './venue-specs.ts';

const file = process.env['TRADEWIND_VENUES'];
const specs = file ? readVenuesFile(file) : DEFAULT_VENUES;
await checkVenueCandles(specs);
const home = homeLayout(resolveHome(undefined));
createHome(home);
writeVenueFiles(home, specs, {
  listen: '0.0.0.0',
  host: process.env['TRADEWIND_SIMULATOR_HOST'] || 'simulator',
  portOf: (id) => FIRST_VENUE_PORT + specs.findIndex((spec) => spec.id === id),
});
process.stdout.write(`venues ${specs.map(({ id }) => id).join(', ')} are set up in ${home.folder}\n`);
