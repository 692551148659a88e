import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/**
 * The runs of the whole suite. Pure tests use both cores. Files that start servers or whole stacks mostly wait, for timers and for processes to
 * come up again, so three of them share two cores; time-skipping and browser tests run one file at a time.
 */
export const JEST_RUNS = [
  { name: 'unit, contract, replay', args: ['--selectProjects', 'unit', 'contract', 'replay', '--maxWorkers=2'] },
  { name: 'workflow', args: ['--selectProjects', 'workflow', '--runInBand'] },
  { name: 'integration, chaos', args: ['--selectProjects', 'integration', 'chaos', '--maxWorkers=3'] },
  { name: 'browser', args: ['--selectProjects', 'browser', '--runInBand'] },
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
