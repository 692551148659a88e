import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { LogFile } from '../../bin/stack/log-file.ts';
import { embeddedPostgres } from '../../bin/stack/postgres.ts';
import { SupervisedProcess } from '../../bin/stack/supervised-process.ts';
import { until } from '../helpers/rig-until.ts';
import { claimPort, type TestFolder, testFolder } from '../helpers/server-process.ts';

const TEST_MS = 90_000;

describe('our PostgreSQL killed with -9', () => {
  let place: TestFolder;
  let server: SupervisedProcess;
  let url: string;
  const said: string[] = [];
  beforeAll(async () => {
    place = testFolder('postgres-restart');
    const postgres = await embeddedPostgres(join(place.folder, 'postgres'), await claimPort(place, 'postgres'));
    ({ url } = postgres);
    const log = new LogFile(join(place.folder, 'postgres.log'));
    server = new SupervisedProcess(postgres.service, log, {
      changed: () => undefined,
      say: (line) => void said.push(line),
    });
    await server.start();
  }, TEST_MS);
  afterAll(async () => {
    await server?.stop();
    place.ports.release();
    rmSync(place.folder, { recursive: true, force: true });
  }, TEST_MS);

  it(
    'is back at its first restart, even when one of its processes does not notice that it is gone',
    async () => {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => undefined);
      await client.connect();
      await client.query('create table kept (id integer)');
      await client.query('insert into kept values (7)');
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      // It cannot leave by itself, and while it is there its shared memory is in use: PostgreSQL refuses to start.
      process.kill(rows[0]!.pid, 'SIGSTOP');
      const killed = server.pid!;
      process.kill(killed, 'SIGKILL');
      await until('the server to be back', () =>
        Promise.resolve(server.ready && server.pid !== null && server.pid !== killed),
      );
      expect(server.restarts).toBe(1);
      expect(said.filter((line) => line.includes('exit code'))).toEqual([]);
      const after = new pg.Client({ connectionString: url });
      await after.connect();
      await expect(after.query('select id from kept')).resolves.toMatchObject({ rows: [{ id: 7 }] });
      await after.end();
    },
    TEST_MS,
  );
});
