import type { CalendarName } from './calendar.ts';
import { forex } from './calendar-forex.ts';
import type { SessionRules } from './calendar-sessions.ts';
import { usEquities } from './calendar-us-equities.ts';
import type { FindZone } from './calendar-zone.ts';

const NEW_YORK = 'America/New_York';

/** The trading hours of a calendar with a name, but for the one that never closes. */
export function namedRules(name: Exclude<CalendarName, '24/7'>, findZone: FindZone): SessionRules {
  switch (name) {
    case 'us-equities':
      return usEquities(findZone(NEW_YORK));
    case 'forex':
      return forex(findZone(NEW_YORK));
  }
}
