import type { CalendarName } from './calendar.ts';
import { forex } from './calendar-forex.ts';
import type { SessionRules } from './calendar-sessions.ts';
import { usEquities } from './calendar-us-equities.ts';
import { findTimeZone } from './time-zones.ts';

const NEW_YORK = 'America/New_York';

/** The trading hours of a calendar with a name, but for the one that never closes. */
export function namedRules(name: Exclude<CalendarName, '24/7'>): SessionRules {
  switch (name) {
    case 'us-equities':
      return usEquities(findTimeZone(NEW_YORK));
    case 'forex':
      return forex(findTimeZone(NEW_YORK));
  }
}
