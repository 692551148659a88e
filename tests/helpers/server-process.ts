import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LogFile } from '../../bin/stack/log-file.ts';
import { openPortBook, type PortBook } from '../../bin/stack/ports.ts';
import type { Service } from '../../bin/stack/service.ts';
import { SupervisedProcess } from '../../bin/stack/supervised-process.ts';

/** Above the ports of a stack, so that a test server never takes an address that a stack had before. */
const FIRST_TEST_PORT = 21_000;

/** Where a server of one test file keeps its things. */
export interface TestFolder {
  readonly folder: string;
  readonly ports: PortBook;
}

/** A server of one test file, kept running until it is stopped. */
export interface TestServer {
  /** The pid now: it changes when the server was killed and came back. */
  pid(): number | null;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/** A new temporary folder with its own port book. */
export function testFolder(name: string): TestFolder {
  const folder = mkdtempSync(join(tmpdir(), `tradewind-${name}-`));
  return { folder, ports: openPortBook(join(folder, 'ports.json'), () => undefined) };
}

/** The next port that nobody uses, claimed for this process. */
export function claimPort(place: TestFolder, name: string): Promise<number> {
  return place.ports.claim(name, FIRST_TEST_PORT);
}

/** Starts a service as a stack would, with its log in the test folder. Throws with its last words when it does not come up. */
export async function startServer(service: Service, place: TestFolder): Promise<TestServer> {
  const log = new LogFile(join(place.folder, `${service.name}.log`));
  const guard = startGuard(service, place);
  const server: SupervisedProcess = new SupervisedProcess(service, log, {
    changed: () => guard.watch(server.pid),
    say: () => undefined,
  });
  const stop = async () => {
    await server.stop();
    guard.dismiss();
    place.ports.release();
    log.close();
    rmSync(place.folder, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: () => server.pid, stop };
}

const GUARD = fileURLToPath(new URL('./server-guard.mjs', import.meta.url));

/** Servers know nothing of whoever started them; this lets one end with a test run that is killed. */
function startGuard({ stopSignal }: Service, { folder }: TestFolder) {
  // A group of its own: whoever ends the test run by its group leaves the guard to do its work.
  const child = spawn(process.execPath, [GUARD, stopSignal, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  child.unref();
  (child.stdin as typeof child.stdin & { unref?: () => void }).unref?.();
  return {
    watch: (pid: number | null) => void child.stdin.write(`${pid ?? 0}\n`),
    dismiss: () => void child.stdin.end('0\n'),
  };
}
