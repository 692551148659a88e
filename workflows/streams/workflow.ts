import { ActivityCancellationType, continueAsNew, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { StreamActivities } from '../../domain/market/stream-session.ts';
import { MARKET_DATA_QUEUE } from '../download/messages.ts';
import type { StreamsInput } from './messages.ts';

const SESSION_MS = 6 * 60 * 60 * 1000;
const SESSIONS_PER_RUN = 28;

const sessions = proxyActivities<StreamActivities>({
  taskQueue: MARKET_DATA_QUEUE,
  startToCloseTimeout: '7 hours',
  // Short, because it is how long a killed worker goes unnoticed.
  heartbeatTimeout: '5 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '250 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

/**
 * The streams of one venue account, for as long as the platform runs. All that it does is to have somebody keep them: when a market-data worker
 * dies, its activity is given to another one.
 */
export async function streams(input: StreamsInput): Promise<void> {
  const { venue, sessionMs = SESSION_MS, sessionsPerRun = SESSIONS_PER_RUN } = input;
  setCurrentDetails(
    `Order book, best prices, trades and candles of watched symbols on ${venue}, and the events of its account. ` +
      'Which worker keeps them, and how many live, is in the heartbeat of the pending activity; how each stands, on `/v1/streams`.',
  );
  for (let session = 0; session < sessionsPerRun; session += 1) {
    await sessions.watchVenue.executeWithOptions({ summary: `streams of ${venue}` }, [{ venue, sessionMs }]);
  }
  await continueAsNew<typeof streams>(input);
}
