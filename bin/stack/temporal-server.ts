import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RunningProcess, Service } from './service.ts';

const execute = promisify(execFile);
const PROBE_EVERY_MS = 100;
/** Keeps a user's Temporal profile (TLS, another address) away from our local server. */
const OWN_SETTINGS = ['--disable-config-file', '--disable-config-env'];

/** What the server must know to start. */
export interface TemporalServerPlan {
  readonly cli: string;
  readonly port: number;
  readonly uiPort: number;
  readonly namespace: string;
  /** The file that keeps all workflows, so that the server too may be killed. */
  readonly database: string;
}

/** The Temporal development server on loopback, with its state in a file. */
export function temporalServer(plan: TemporalServerPlan): Service {
  const address = `127.0.0.1:${plan.port}`;
  const flags: Readonly<Record<string, string | readonly string[]>> = {
    ip: '127.0.0.1',
    port: String(plan.port),
    'ui-ip': '127.0.0.1',
    'ui-port': String(plan.uiPort),
    namespace: plan.namespace,
    'db-filename': plan.database,
    'log-level': 'warn',
    'log-format': 'text',
    // A write-ahead log survives a killed process; it does not wait for the disk at every commit.
    'sqlite-pragma': ['journal_mode=WAL', 'synchronous=NORMAL'],
    'dynamic-config-value': [
      'frontend.enableServerVersionCheck=false',
      'frontend.enableUpdateWorkflowExecution=true',
      'frontend.enableUpdateWorkflowExecutionAsyncAccepted=true',
      'system.enableActivityEagerExecution=true',
    ],
  };
  const args = Object.entries(flags).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => [`--${name}`, value]),
  );
  return {
    name: 'temporal',
    launch: {
      command: plan.cli,
      args: ['server', 'start-dev', ...args, ...OWN_SETTINGS],
      // The environment's form of --ui-disable-news-fetch: older servers ignore it, where they would refuse the flag.
      env: { ...process.env, TEMPORAL_DISABLE_NEWS_FETCH: 'true' },
    },
    ready: (running) => untilServing(running, plan.cli, address),
    readyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
  };
}

async function untilServing(running: RunningProcess, cli: string, address: string): Promise<void> {
  while (!running.ended.aborted) {
    try {
      await execute(cli, ['operator', 'cluster', 'health', '--address', address, ...OWN_SETTINGS], { timeout: 5_000 });
      return;
    } catch {
      await delay(PROBE_EVERY_MS);
    }
  }
}
