import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/** The bundle of all workflow code: built once, shared by every worker and by replay. */
export const WORKFLOW_BUNDLE = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

/**
 * Bundles the workflow code that lies beside this file.
 *
 * @returns the code as text.
 */
export async function bundleWorkflows(): Promise<string> {
  const source = import.meta.url.endsWith('.ts') ? '../workflows/index.ts' : '../workflows/index.js';
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(source, import.meta.url)),
    // Stack traces name files and lines; the text of every source, which is most of what the map would hold, is wanted by nobody.
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
  });
  return code;
}

/** Writes the bundle where the workers look for it; a worker that starts meanwhile sees the old file or the new one. */
export async function buildWorkflowBundle(): Promise<void> {
  const code = await bundleWorkflows();
  await mkdir(new URL('../', import.meta.url), { recursive: true });
  const unfinished = `${WORKFLOW_BUNDLE}.${process.pid}`;
  await writeFile(unfinished, code);
  await rename(unfinished, WORKFLOW_BUNDLE);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await buildWorkflowBundle();
