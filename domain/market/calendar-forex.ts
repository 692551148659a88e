import type { SessionRules } from './calendar-sessions.ts';
import type { TimeZone } from './calendar-zone.ts';

const FIVE_PM = 17 * 60;

/**
 * The currency market: from Sunday 17:00 to Friday 17:00 in New York, without holidays.
 *
 * @param newYork the zone America/New_York
 */
export function forex(newYork: TimeZone): SessionRules {
  return {
    name: 'forex',
    zone: newYork,
    sessions: [
      { days: [1, 2, 3, 4], open: 0, close: 1440 },
      { days: [5], open: 0, close: FIVE_PM },
      { days: [7], open: FIVE_PM, close: 1440 },
    ],
    isHoliday: () => false,
    earlyClose: () => null,
  };
}
