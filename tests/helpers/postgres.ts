import { join } from 'node:path';
import { embeddedPostgres } from '../../bin/stack/postgres.ts';
import { claimPort, startServer, testFolder, type TestServer } from './server-process.ts';

export interface TestDatabase extends TestServer {
  /** Address of an empty database, with its password. */
  readonly url: string;
}

/**
 * Starts a real PostgreSQL with an empty database for one test file: start it in `beforeAll` and stop it in `afterAll`. Takes about
 * two seconds.
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const place = testFolder('postgres');
  const port = await claimPort(place, 'postgres');
  const { service, url } = await embeddedPostgres(join(place.folder, 'postgres'), port);
  return { url, ...(await startServer(service, place)) };
}
