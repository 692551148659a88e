#!/usr/bin/env node
/**
 * The whole story in about a minute: a stack in a fresh home, a TWAP through the API, `kill -9` of both workers in the middle, their
 * return, and the proof from the exchange's own ledger. Exits 0 only when that proof is exact.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureOrExit, root } from './ensure.mjs';

const ORDER = {
  algo: 'twap',
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '0.5',
  durationMs: 30_000,
  slices: 10,
};
const KILL_AFTER_FILLS = 3;
const VICTIMS = ['venue', 'trading'];
const POLL_MS = 200;
const GIVE_UP_AFTER_MS = 180_000;

const cli = join(root, 'bin', 'tradewind.mjs');
const startedAt = performance.now();

function tell(line = '') {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
  process.stdout.write(line === '' ? '\n' : `${seconds} s  ${line}\n`);
}

function chapter(title) {
  process.stdout.write(`\n━━ ${title}\n`);
}

/** Starts a stack and resolves with its record once it serves. Its stdin is our pipe: it goes when we go. */
async function startStack(home) {
  const followParent = join(root, 'dist', 'bin', 'stack', 'follow-parent.js');
  const child = spawn(process.execPath, ['--import', followParent, cli, 'up', '--json', '--home', home], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A server that somebody else uses has no place in a demonstration that kills things.
    env: { ...process.env, DATABASE_URL: '', TEMPORAL_ADDRESS: '' },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stderr.on('data', (chunk) => {
    for (const line of String(chunk).trimEnd().split('\n')) tell(`  ${line}`);
  });
  const ready = new Promise((resolve) => child.stdout.once('data', () => resolve(true)));
  if ((await Promise.race([ready, ended])) !== true) throw new Error('the stack did not come up');
  return {
    record: () => JSON.parse(readFileSync(join(home, 'stack.json'), 'utf8')),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function openApi({ api, adminKeyFile }) {
  const authorization = `Bearer ${readFileSync(adminKeyFile, 'utf8').trim()}`;
  return async (method, path, body) => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${answer.detail}`);
    return answer;
  };
}

/** Follows the execution to its end; kills the workers once, in the middle. */
async function follow(call, id, stack) {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  let shown = '';
  let victims = null;
  for (;;) {
    const execution = await call('GET', `/v1/executions/${id}`);
    if (execution.filled !== shown) {
      shown = execution.filled;
      tell(`${execution.status}: ${execution.filled} of ${execution.quantity} BTC bought`);
    }
    if (!['running', 'paused'].includes(execution.status)) return execution.status;
    if (victims === null) {
      const { items } = await call('GET', `/v1/executions/${id}/fills`);
      if (new Set(items.map((fill) => fill.orderId)).size >= KILL_AFTER_FILLS) victims = killWorkers(stack.record());
    } else {
      victims = tellReturns(stack.record(), victims);
    }
    if (performance.now() > deadline) throw new Error('the execution did not end in time');
    await delay(POLL_MS);
  }
}

function killWorkers({ processes }) {
  return VICTIMS.map((name) => {
    const { pid } = processes.find((each) => each.name === name);
    process.kill(pid, 'SIGKILL');
    tell(`kill -9 ${pid}: the ${name} worker is dead`);
    return { name, pid };
  });
}

/** Tells which of the killed processes are back; answers those that are not yet. */
function tellReturns({ processes }, victims) {
  return victims.filter(({ name, pid }) => {
    const now = processes.find((each) => each.name === name);
    const back = now.ready && now.pid !== pid;
    if (back) tell(`the ${name} worker is back as process ${now.pid} (restart ${now.restarts})`);
    return !back;
  });
}

/** Runs one command of the command line with its output on ours; answers its exit code. */
function command(args) {
  return new Promise((resolve) => {
    spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'inherit', 'inherit'] }).once('exit', resolve);
  });
}

async function demonstrate(home) {
  chapter('A stack of its own, in a fresh home, beside any other');
  const stack = await startStack(home);
  onInterrupt(() => stack.stop());
  try {
    const record = stack.record();
    tell(`API ${record.api}, Temporal UI ${record.temporal.ui}`);

    chapter('A TWAP through the API: buy 0.5 BTC in 10 slices over 30 seconds, on a synthetic market');
    const call = openApi(record);
    const { id, workflowId } = await call('POST', '/v1/executions', ORDER);
    tell(`accepted as ${workflowId}`);
    const status = await follow(call, id, stack);
    tell(`the execution is ${status}`);

    chapter('Its fills');
    await command(['exec', 'fills', id, '--home', home]);
    chapter('What it cost, and its slices');
    await command(['exec', 'report', id, '--home', home]);
    chapter("The proof, from the exchange's own ledger");
    const exact = (await command(['verify', id, '--home', home])) === 0;
    return exact && status === 'completed';
  } finally {
    chapter('Stopping');
    await stack.stop();
  }
}

/** Cleans up when the user has seen enough. */
function onInterrupt(stop) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      void stop().then(() => {
        rmSync(home, { recursive: true, force: true });
        process.exit(130);
      });
    });
  }
}

await ensureOrExit();
const home = mkdtempSync(join(tmpdir(), 'tradewind-demo-'));
// Temporary folders are private; PostgreSQL, which under root runs as its own user, has to pass through.
chmodSync(home, 0o711);
try {
  const exact = await demonstrate(home);
  chapter(exact ? 'Both workers died and nothing was sent twice, lost or counted twice' : 'The proof FAILED');
  process.exitCode = exact ? 0 : 1;
} catch (error) {
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
