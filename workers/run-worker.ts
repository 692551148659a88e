import { setTimeout as delay } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';

/** Time that running activities get to end when a worker is told to stop. */
const DRAIN_MS = 30_000;
const CONNECT_WITHIN_MS = 60_000;

/** Once for each process, before anything else of the SDK: logs as plain lines, no signal handlers of its own. */
export function installRuntime(name: string): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      process.stderr.write(`${level} ${name}: ${message}${meta === undefined ? '' : ` ${briefly(meta)}`}\n`);
    }),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
  });
}

function briefly(meta: Readonly<Record<string, unknown>>): string {
  const error = meta['error'];
  const shown = { ...meta, ...(error instanceof Error ? { error: error.message } : {}) };
  try {
    return JSON.stringify(shown);
  } catch {
    return '';
  }
}

/** Connects to the Temporal server, which may still be starting. */
export async function connect(address: string): Promise<NativeConnection> {
  const deadline = Date.now() + CONNECT_WITHIN_MS;
  for (;;) {
    try {
      return await NativeConnection.connect({ address });
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(500);
    }
  }
}

/** Creates a worker with the drain that all of ours have. */
export function createWorker(options: WorkerOptions): Promise<Worker> {
  return Worker.create({ shutdownGraceTime: DRAIN_MS, shutdownForceTime: DRAIN_MS + 10_000, ...options });
}

/** Runs workers until SIGTERM or SIGINT, then drains them. They are announced once they poll. */
export async function runWorker(...workers: readonly Worker[]): Promise<void> {
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const running = workers.map((worker) => worker.run());
  announceReady({});
  // One that fails takes the others with it: the process is begun anew.
  await Promise.all(running).finally(stop);
}

/** Tells whoever started this process that it serves. */
export function announceReady(details: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`tradewind:ready ${JSON.stringify(details)}\n`);
}
