import { InvalidInput, NotFound } from './failures.ts';
import type { StackRecord, VenueRecord } from './stack-record.ts';

const TIMEOUT_MS = 10_000;

/** The admin side of the simulated venue `id`. Throws `NotFound` that lists the venues when there is none. */
export function venueOf(stack: StackRecord, id: string): VenueRecord {
  const venue = stack.venues.find((each) => each.id === id);
  if (venue !== undefined) return venue;
  const known = stack.venues.map((each) => each.id).join(', ') || 'none';
  throw new NotFound(`--venue is "${id}", which this stack does not simulate; it has: ${known}`);
}

/**
 * One call to a venue's admin address. Answers the body as it came. Throws `InvalidInput` with the venue's own words when it refuses,
 * and an ordinary error when it does not answer.
 */
export async function callAdmin(venue: VenueRecord, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${venue.admin}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new Error(`venue ${venue.id} does not answer at ${venue.admin}: ${error.message}`, { cause: error });
  });
  const answer = (await response.json()) as { detail?: string };
  if (response.status >= 400 && response.status < 500) throw new InvalidInput(`venue ${venue.id}: ${answer.detail}`);
  if (!response.ok) throw new Error(`venue ${venue.id} answered ${response.status}: ${answer.detail}`);
  return answer;
}
