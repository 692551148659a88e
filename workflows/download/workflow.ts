import {
  ActivityCancellationType,
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { DownloadActivities } from '../../domain/market/dataset-download.ts';
import { searchAttributes } from '../search-attributes.ts';
import { cancelDownloadUpdate, type DownloadEnd, type DownloadInput, MARKET_DATA_QUEUE } from './messages.ts';

const pages = proxyActivities<DownloadActivities>({
  taskQueue: MARKET_DATA_QUEUE,
  // Years of candles at the pace of a venue's request budget.
  startToCloseTimeout: '2 days',
  // Short, because it is how long a killed worker goes unnoticed.
  heartbeatTimeout: '5 seconds',
  // Its bars must not be removed while it may still add some.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

const records = proxyActivities<DownloadActivities>({
  taskQueue: MARKET_DATA_QUEUE,
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' },
});

/**
 * One download of candles. Pages and progress are in Postgres, written by one long activity that goes on where it stopped; this
 * function waits for it, takes a cancel, and sees to it that a download ends as exactly one of completed, cancelled and failed.
 */
export function download(input: DownloadInput): Promise<DownloadEnd> {
  // "Request Cancellation" in the Temporal UI means our cancel: what was begun is put in order first.
  const { cancelRequested } = CancellationScope.current();
  return CancellationScope.nonCancellable(() => run(input, cancelRequested));
}

async function run(input: DownloadInput, cancelRequested: Promise<never>): Promise<DownloadEnd> {
  const scope = new CancellationScope();
  cancelRequested.catch(() => scope.cancel());
  let isClosing = false;
  setHandler(cancelDownloadUpdate, () => scope.cancel(), {
    validator: () => {
      if (isClosing) throw ApplicationFailure.nonRetryable('the download has ended', 'DOWNLOAD_ENDED');
    },
  });
  show(input, 'running', 'reading page after page');
  const end = await fetchAll(scope, input);
  isClosing = true;
  if (end.status !== 'completed') {
    const problem = end.status === 'failed' ? end.problem : null;
    await records.abandonDownload({ downloadId: input.downloadId, status: end.status, problem });
  }
  upsertSearchAttributes([{ key: searchAttributes.status, value: end.status }]);
  show(input, end.status, resultOf(end));
  await condition(allHandlersFinished);
  return end;
}

async function fetchAll(scope: CancellationScope, { downloadId, summary }: DownloadInput): Promise<DownloadEnd> {
  try {
    const done = await scope.run(() => pages.downloadCandles.executeWithOptions({ summary }, [{ downloadId }]));
    return { status: 'completed', ...done };
  } catch (error) {
    // A worker that died before it saw the cancel ends as a time-out, which is no other end.
    if (scope.consideredCancelled || isCancellation(error)) return { status: 'cancelled' };
    const cause = error instanceof ActivityFailure ? error.cause : error;
    const code = cause instanceof ApplicationFailure && cause.type ? cause.type : 'INTERNAL';
    const detail = cause instanceof Error ? cause.message : String(cause);
    return { status: 'failed', problem: { code, detail } };
  }
}

function resultOf(end: DownloadEnd): string {
  if (end.status === 'completed') return `${end.rows} bars in ${end.datasetId}`;
  return end.status === 'failed' ? `${end.problem.code}: ${end.problem.detail}` : 'its bars were removed';
}

/** The state of a download as a short markdown table, for the Temporal UI. */
function show({ downloadId, summary }: DownloadInput, status: string, result: string): void {
  const rows = [
    ['download', downloadId],
    ['what', summary],
    ['status', status],
    ['result', result],
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value?.replaceAll('|', '/')} |`);
  setCurrentDetails(['| | |', '|---|---|', ...lines].join('\n'));
}
