import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** A process of jest that is larger than this after a file is replaced: what files leave behind is gone through by the collector again and again. */
const LARGEST_WORKER = '--workerIdleMemoryLimit=1GB';

/**
 * The runs of the whole suite. Three files share two cores: some wait, for timers, for servers to come up again and for pages, while others compute.
 * Files that start whole stacks come last, among themselves. Each run starts its longest files first, see `longest-first.mjs`.
 */
export const JEST_RUNS = [
  {
    name: 'unit, contract, replay, workflow',
    args: ['--selectProjects', 'unit', 'contract', 'replay', 'workflow', '--maxWorkers=3', LARGEST_WORKER],
  },
  {
    name: 'integration, chaos, browser',
    args: ['--selectProjects', 'integration', 'chaos', 'browser', '--maxWorkers=3', LARGEST_WORKER],
  },
];

/** One run of jest with its tests counted. A run that breaks before its tests counts as one failure. */
export async function runJest(root, { name, args }, env, folder) {
  const report = join(folder, 'jest-report.json');
  rmSync(report, { force: true });
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--no-warnings', jest, '--json', `--outputFile=${report}`];
  let broken = false;
  try {
    // jest prints the report on stdout as well; people read its stderr.
    await run(process.execPath, [...flags, ...args], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch {
    broken = true;
  }
  const counts = countsOf(report);
  if (broken && counts.failed === 0) counts.failed = 1;
  return { name, ...counts };
}

function countsOf(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that could not even be loaded has no failed tests in it, and has failed all the same.
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
