import type { DownloadRecord } from '../../adapters/ports/download-store.ts';
import type { ApiDependencies, CommandOutcome } from '../ports.ts';
import { Problem } from '../problems.ts';
import { starterOf } from '../start-sweep.ts';

type Parts = Pick<ApiDependencies, 'downloads' | 'downloadWorkflows'>;

/** The download of that id. Throws `DOWNLOAD_NOT_FOUND`. */
export async function downloadOf(downloads: Parts['downloads'], id: string): Promise<DownloadRecord> {
  const record = await downloads.findDownload(id);
  if (record !== null) return record;
  throw new Problem('DOWNLOAD_NOT_FOUND', `There is no download "${id}".`, [
    { field: 'id', value: id, message: 'not known' },
  ]);
}

/**
 * Asks the workflow of a download to end it. The answer may still be `running`: the page under way is brought to its end first.
 * Throws `DOWNLOAD_ENDED`, or `COMMAND_UNCONFIRMED` when no worker answered in time.
 */
export async function cancelDownload(parts: Parts, id: string): Promise<DownloadRecord> {
  const record = await downloadOf(parts.downloads, id);
  if (record.status !== 'running') throw ended(record);
  const outcome = await deliver(parts, record);
  const after = await downloadOf(parts.downloads, id);
  switch (outcome.kind) {
    case 'done':
      return after;
    case 'refused':
    case 'not-running':
      throw ended(after);
    case 'unconfirmed':
      throw new Problem(
        'COMMAND_UNCONFIRMED',
        `No worker confirmed the cancel of download ${id} in time; it may still take effect.`,
      );
  }
}

/** A cancel may come before the sweep has started the workflow: then it is started first. */
async function deliver(parts: Parts, record: DownloadRecord): Promise<CommandOutcome> {
  const outcome = await parts.downloadWorkflows.cancel(record);
  if (outcome.kind !== 'not-running') return outcome;
  await starterOf(parts.downloads, parts.downloadWorkflows).start(record);
  return parts.downloadWorkflows.cancel(record);
}

function ended({ id, status }: DownloadRecord): Problem {
  return new Problem('DOWNLOAD_ENDED', `The download ${id} is ${status}; there is nothing left to cancel.`, [
    { field: 'status', value: status, message: 'final' },
  ]);
}
