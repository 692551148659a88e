import type { Client } from '@temporalio/client';
import type { DownloadRecord } from '../../adapters/ports/download-store.ts';
import { startOnce } from '../../adapters/temporal/start-once.ts';
import { isoOf } from '../../domain/market/candle-checks.ts';
import { cancelDownloadUpdate, DOWNLOAD_WORKFLOW, type DownloadInput } from '../../workflows/download/messages.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { outcomeOf, unreachable } from '../executions/temporal-workflows.ts';
import type { DownloadWorkflows } from '../ports.ts';

const COMMAND_DEADLINE_MS = 5_000;

/** Downloads as workflows on a Temporal server. */
export function temporalDownloads(client: Client): DownloadWorkflows {
  return {
    start: async (download) => {
      try {
        await start(client, download);
      } catch (error) {
        throw unreachable(error);
      }
    },
    cancel: async ({ workflowId }) => {
      try {
        await client.withDeadline(Date.now() + COMMAND_DEADLINE_MS, () =>
          client.workflow.getHandle(workflowId).executeUpdate(cancelDownloadUpdate),
        );
        return { kind: 'done' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

async function start(client: Client, download: DownloadRecord): Promise<void> {
  const { symbol, timeframe, venue } = download;
  const summary = `${timeframe} candles of ${symbol} on ${venue}, ${isoOf(download.from)} to ${isoOf(download.to)}`;
  const input: DownloadInput = { downloadId: download.id, summary };
  await startOnce(client, DOWNLOAD_WORKFLOW, {
    workflowId: download.workflowId,
    input,
    summary,
    typedSearchAttributes: [
      { key: searchAttributes.kind, value: 'download' },
      { key: searchAttributes.symbol, value: symbol },
      { key: searchAttributes.venue, value: venue },
      { key: searchAttributes.status, value: 'running' },
    ],
  });
}
