import type { PlatformEvent } from '../../adapters/ports/event-log.ts';
import { iso } from '../iso.ts';

/** One event as the API shows it. */
export function eventView({ id, kind, subject, at, payload }: PlatformEvent) {
  return { id, kind, subject, at: iso(at), payload };
}
