import { suggestion } from '../domain/parameters/closest-match.ts';
import { Problem } from './problems.ts';

/** The answer to a request that names a venue account which does not exist, with the closest one that does. */
export function unknownVenue(field: string, id: string, known: readonly string[]): Problem {
  const message = `no such venue; ${suggestion(id, known)}`;
  return new Problem('VENUE_NOT_FOUND', `venue "${id}": ${message}`, [{ field, value: id, message }]);
}
