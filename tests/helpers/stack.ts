import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { homeLayout } from '../../bin/stack/home-layout.ts';
import type { ProcessRecord, StackRecord } from '../../bin/stack/stack-record.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const FOLLOW_PARENT = pathToFileURL(join(ROOT, 'dist', 'bin', 'stack', 'follow-parent.js')).href;
const POLL_MS = 50;
const RESTART_WITHIN_MS = 90_000;

export interface TestStackOptions {
  /** The content of a `--venues` file; without it the default venue. */
  readonly venues?: readonly unknown[];
  /** How many workers of each kind. */
  readonly workers?: number;
  /** Added to the environment of the stack. */
  readonly env?: Readonly<Record<string, string>>;
  /** A home of an earlier stack, to start in it again; it is kept at `stop`. Without it a new one, removed at `stop`. */
  readonly home?: string;
}

/** A whole stack of its own for a test, as `tradewind up` runs it. */
export interface TestStack {
  readonly home: string;
  /** Base address of the API. */
  readonly api: string;
  readonly adminKey: string;
  /** Address of the database with its password. */
  readonly databaseUrl: string;
  /** Everything that the stack has written for people so far. */
  output(): string;
  /** `stack.json` as it is now. */
  record(): StackRecord;
  /** One call to the API with the admin key. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  /** `kill -9` of the process with this name in `stack.json`. */
  kill(name: string): void;
  /** Resolves when the process that `kill` ended has been replaced by one that serves. */
  waitRestarted(name: string): Promise<ProcessRecord>;
  /** Drains the stack; removes the home when it was made for this stack. */
  stop(): Promise<void>;
}

export interface ApiAnswer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads fields and checks them
  readonly body: any;
}

/** Starts a stack beside any other and resolves once it serves. Throws with what it said when it does not come up. */
export async function startStack(options: TestStackOptions = {}): Promise<TestStack> {
  const home = options.home ?? newHome();
  const layout = homeLayout(home);
  const args = ['up', '--json', '--home', home];
  if (options.venues !== undefined) {
    const file = join(home, 'given-venues.json');
    writeFileSync(file, JSON.stringify(options.venues));
    args.push('--venues', file);
  }
  if (options.workers !== undefined) args.push('--workers', String(options.workers));
  // Its stdin is a pipe from this process: a test run that is killed leaves no stack behind.
  const child = spawn(process.execPath, ['--import', FOLLOW_PARENT, join(ROOT, 'bin', 'tradewind.mjs'), ...args], {
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const ready = new Promise<true>((resolve) => child.stdout.once('data', () => resolve(true)));
  const removeHome = () => {
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
  };
  if ((await Promise.race([ready, ended])) !== true) {
    removeHome();
    throw new Error(`the stack did not come up:\n${said}`);
  }

  const record = () => JSON.parse(readFileSync(layout.stackFile, 'utf8')) as StackRecord;
  const processOf = (name: string) => {
    const found = record().processes.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the stack has no process "${name}"`);
    return found;
  };
  const killed = new Map<string, number>();
  const api = record().api ?? '';
  const adminKey = readFileSync(layout.adminKeyFile, 'utf8').trim();
  return {
    home,
    api,
    adminKey,
    databaseUrl: readFileSync(layout.databaseUrlFile, 'utf8').trim(),
    output: () => said,
    record,
    call: (method, path, body, headers) => callApi(`${api}${path}`, adminKey, method, body, headers),
    kill(name) {
      const { pid } = processOf(name);
      if (pid === null) throw new Error(`the process "${name}" is down`);
      killed.set(name, pid);
      process.kill(pid, 'SIGKILL');
    },
    async waitRestarted(name) {
      const deadline = performance.now() + RESTART_WITHIN_MS;
      for (;;) {
        const now = processOf(name);
        if (now.ready && now.pid !== killed.get(name)) return now;
        if (performance.now() > deadline) throw new Error(`"${name}" did not come back:\n${said}`);
        await delay(POLL_MS);
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      removeHome();
    },
  };
}

/** A new temporary folder that can be a home; removing it is the caller's. */
export function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'tradewind-home-'));
  // Temporary folders are private; PostgreSQL, which under root runs as its own user, has to pass through.
  chmodSync(home, 0o711);
  return home;
}

async function callApi(
  url: string,
  key: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
