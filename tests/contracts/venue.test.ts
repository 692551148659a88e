import { venueContract } from './venue-contract.ts';
import { startSimulatedVenue } from './venue-simulated.ts';

venueContract('a simulated venue', startSimulatedVenue);
