import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const OXLINT = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

/** An import that must be refused, or let pass: the file it stands in, and what it imports. */
interface Planted {
  readonly file: string;
  readonly line: string;
}

const value = (from: string): string => `import { thing } from '${from}';\nexport const used = thing;\n`;
const typeOnly = (from: string): string => `import type { Thing } from '${from}';\nexport type Used = Thing;\n`;

const REFUSED: readonly Planted[] = [
  { file: 'domain/a/node.ts', line: value('node:fs') },
  { file: 'domain/a/package.ts', line: value('pg') },
  { file: 'domain/a/sdk.ts', line: typeOnly('@temporalio/common') },
  { file: 'domain/a/workflow.ts', line: typeOnly('../../workflows/execution/messages.ts') },
  { file: 'domain/a/adapter.ts', line: value('../../adapters/storage/database.ts') },
  { file: 'workflows/a/node.ts', line: value('node:crypto') },
  { file: 'workflows/a/package.ts', line: value('big.js') },
  { file: 'workflows/a/activity-sdk.ts', line: value('@temporalio/activity') },
  { file: 'workflows/a/market.ts', line: value('../../domain/market/decimal.ts') },
  { file: 'workflows/a/client.ts', line: value('@temporalio/client') },
  { file: 'workflows/a/adapter.ts', line: value('../../adapters/config.ts') },
  { file: 'workflows/a/risk.ts', line: value('../../domain/risk/gate.ts') },
  { file: 'workflows/a/activities.ts', line: value('../../activities/execution/backoff.ts') },
  { file: 'activities/a/package.ts', line: value('big.js') },
  { file: 'activities/a/storage.ts', line: value('../../adapters/storage/database.ts') },
  { file: 'activities/a/config.ts', line: value('../../adapters/config.ts') },
  { file: 'activities/a/deep/credentials.ts', line: value('../../../adapters/credentials/credentials.ts') },
  { file: 'activities/a/client.ts', line: value('@temporalio/client') },
  { file: 'activities/a/workflow.ts', line: value('../../workflows/index.ts') },
  { file: 'adapters/a/workflow.ts', line: value('../../workflows/execution/messages.ts') },
  { file: 'adapters/a/activities.ts', line: value('../../activities/execution/backoff.ts') },
  { file: 'adapters/temporal/workflow.ts', line: value('../../workflows/execution/workflow.ts') },
  { file: 'simulator/a/ports.ts', line: typeOnly('../../adapters/ports/venue.ts') },
  { file: 'simulator/a/adapters.ts', line: value('../../adapters/config.ts') },
  { file: 'workers/api.ts', line: value('../api/app.ts') },
  { file: 'workers/test.ts', line: value('../tests/helpers/stack.ts') },
  { file: 'api/a/workflow.ts', line: value('../../workflows/execution/workflow.ts') },
  { file: 'api/a/activities.ts', line: value('../../activities/execution/backoff.ts') },
  { file: 'api/a/worker-sdk.ts', line: value('@temporalio/worker') },
  { file: 'api/a/activity-sdk.ts', line: value('@temporalio/activity') },
  { file: 'api/a/workers.ts', line: typeOnly('../../workers/bundle.ts') },
  { file: 'api/a/simulator.ts', line: value('../../simulator/main.ts') },
  { file: 'bin/a/workers.ts', line: value('../../workers/bundle.ts') },
];

const ALLOWED: readonly Planted[] = [
  { file: 'adapters/temporal/messages.ts', line: value('../../workflows/execution/messages.ts') },
  { file: 'domain/a/decimals.ts', line: value('big.js') },
  { file: 'domain/a/domain.ts', line: value('../b/other.ts') },
  { file: 'workflows/b/sdk.ts', line: value('@temporalio/workflow') },
  { file: 'workflows/b/types.ts', line: typeOnly('../../activities/execution/dependencies.ts') },
  { file: 'workflows/b/state.ts', line: value('../../domain/execution/progress.ts') },
  { file: 'activities/b/port.ts', line: typeOnly('../../adapters/ports/venue.ts') },
  { file: 'api/b/messages.ts', line: value('../../workflows/execution/messages.ts') },
  { file: 'workflows/b/market.ts', line: typeOnly('../../domain/market/decimal.ts') },
  { file: 'activities/b/error.ts', line: value('../../adapters/ports/venue.ts') },
  { file: 'activities/b/sdk.ts', line: value('@temporalio/activity') },
  { file: 'adapters/b/package.ts', line: value('pg') },
  { file: 'workers/b.ts', line: value('../adapters/storage/database.ts') },
  { file: 'api/b/client.ts', line: value('@temporalio/client') },
  { file: 'api/b/activities.ts', line: typeOnly('../../activities/execution/dependencies.ts') },
  { file: 'api/b/workflow.ts', line: typeOnly('../../workflows/execution/workflow.ts') },
  { file: 'simulator/b/domain.ts', line: value('../../domain/matching/market.ts') },
];

/** The table of who may import whom, tried with one planted import for each of its rows. */
describe('the import table', () => {
  let folder: string;
  let refused: ReadonlySet<string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tradewind-imports-'));
    // Without the rules that need types: a planted import leads nowhere.
    const rules = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as object;
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ ...rules, options: {} }));
    for (const { file, line } of [...REFUSED, ...ALLOWED]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), line);
    }
    refused = refusedFiles(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(REFUSED.map(({ file, line }) => [file, line.split('\n')[0]]))('refuses in %s: %s', (file) => {
    expect([...refused]).toContain(file);
  });

  it.each(ALLOWED.map(({ file, line }) => [file, line.split('\n')[0]]))('lets pass in %s: %s', (file) => {
    expect([...refused]).not.toContain(file);
  });
});

/** Files that break the import rule. oxlint exits with 1 when it finds something, which it must here. */
function refusedFiles(folder: string): ReadonlySet<string> {
  let output: string;
  try {
    output = execFileSync(process.execPath, [OXLINT, '--format', 'json', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly Diagnostic[] };
  return new Set(
    diagnostics.filter(({ code }) => code.includes('no-restricted-imports')).map(({ filename }) => filename),
  );
}
