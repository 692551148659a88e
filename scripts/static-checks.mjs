import { join } from 'node:path';
import { capture } from './run.mjs';

/** What can be said about the code without running it, each check one entry in the summary. */
const CHECKS = [
  { name: 'types', program: 'typescript/bin/tsc', args: ['-b'] },
  { name: 'lint', program: 'oxlint/bin/oxlint', args: [] },
  { name: 'format', program: 'oxfmt/bin/oxfmt', args: ['--check'] },
  { name: 'unused', program: 'knip/bin/knip.js', args: ['--no-progress'] },
];

/** Runs the checks one after the other; the output of those that fail goes to stderr. */
export async function runStaticChecks(root, say) {
  const results = [];
  for (const { name, program, args } of CHECKS) {
    const startedAt = performance.now();
    const { code, output } = await capture(process.execPath, [join(root, 'node_modules', program), ...args], {
      cwd: root,
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(`${code === 0 ? 'pass' : 'FAIL'}  ${name} (${seconds} s)`);
    if (code !== 0) process.stderr.write(`${output.trimEnd()}\n`);
    results.push({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });
  }
  return results;
}
