import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { WORKFLOW_BUNDLE } from './bundle.ts';
import { installRuntime } from './run-worker.ts';

export interface ReplayResult {
  readonly checked: number;
  readonly failed: readonly { readonly file: string; readonly error: string }[];
}

/**
 * Replays recorded histories (JSON, as `temporal workflow show -o json` writes them) against the workflow code as it is now.
 * A history without the SDK's `coreUsedFlags` is refused: without them a changed activity would go unnoticed.
 */
export async function replayHistories(
  files: readonly string[],
  codePath: string = WORKFLOW_BUNDLE,
): Promise<ReplayResult> {
  const failed: { file: string; error: string }[] = [];
  for (const file of files) {
    try {
      const text = await readFile(file, 'utf8');
      if (!text.includes('coreUsedFlags'))
        throw new Error('it carries no coreUsedFlags, so a replay would prove nothing');
      const history = historyFromJSON(JSON.parse(text));
      await Worker.runReplayHistory({ workflowBundle: { codePath } }, history);
    } catch (error) {
      failed.push({ file, error: (error as Error).message });
    }
  }
  return { checked: files.length, failed };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  installRuntime('replay');
  const result = await replayHistories(process.argv.slice(2));
  // The SDK's native threads keep a process alive in which no worker was ever started.
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit());
}
