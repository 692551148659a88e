#!/usr/bin/env node
/**
 * Runs everything: types, lint, format, unused code, then all tests, with a summary and a last line `N passed, N failed`. With
 * arguments it runs jest with those alone: `npm test -- tests/domain`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureOrExit, root } from './ensure.mjs';
import { JEST_RUNS, runJest } from './jest-runs.mjs';
import { say, withProgress } from './progress.mjs';
import { run } from './run.mjs';
import { runStaticChecks } from './static-checks.mjs';

/** What would make tests use the user's own servers or home instead of their own. */
const LIVE_SETTINGS = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TRADEWIND_ACCOUNTS'];

const startedAt = performance.now();
const jestArgs = process.argv.slice(2);
await ensureOrExit();
const folder = mkdtempSync(join(tmpdir(), 'tradewind-test-'));
const env = { ...process.env, TRADEWIND_HOME: join(folder, 'home') };
for (const name of LIVE_SETTINGS) delete env[name];
let results;
try {
  results = jestArgs.length > 0 ? [await runJest(root, { name: 'jest', args: jestArgs }, env, folder)] : await runAll();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = summarise(results) === 0 ? 0 : 1;

async function runAll() {
  const checks = await runStaticChecks(root, say);
  const fetched = await fetchPrograms();
  const tests = [];
  for (const each of JEST_RUNS) {
    say(`\n── ${each.name} ──`);
    tests.push(await runJest(root, each, env, folder));
  }
  return [...checks, ...fetched, ...tests];
}

/** Servers that the tests need are downloaded before them, so that no download falls into a test's time limit. */
async function fetchPrograms() {
  const program = join(root, 'tests', 'helpers', 'fetch-programs.ts');
  try {
    await withProgress('finding the Temporal servers for the tests', () =>
      run(process.execPath, ['--import', 'tsx', program], { cwd: root, env }),
    );
    return [];
  } catch (error) {
    say(error.message);
    return [{ name: 'Temporal servers', passed: 0, failed: 1, skipped: 0 }];
  }
}

function summarise(all) {
  const total = (field) => all.reduce((sum, each) => sum + each[field], 0);
  say('');
  for (const { name, passed, failed, skipped } of all) {
    say(
      `${failed === 0 ? 'pass' : 'FAIL'}  ${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    );
  }
  if (total('skipped') > 0) say(`${total('skipped')} skipped: the reasons are printed above`);
  say(`took ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  process.stdout.write(`${total('passed')} passed, ${total('failed')} failed\n`);
  return total('failed');
}
