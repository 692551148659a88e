import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../ensure.mjs';
import { tell } from './telling.mjs';

const cli = join(root, 'bin', 'tradewind.mjs');
const followParent = join(root, 'dist', 'bin', 'stack', 'follow-parent.js');

/** Starts a stack with these venues and resolves with its record once it serves. Its stdin is our pipe: it goes when we go. */
export async function startStack(home, venues) {
  const venuesFile = join(home, 'demo-venues.json');
  writeFileSync(venuesFile, JSON.stringify(venues));
  const args = ['--import', followParent, cli, 'up', '--json', '--home', home, '--venues', venuesFile];
  const child = spawn(process.execPath, args, {
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
    home,
    record: () => JSON.parse(readFileSync(join(home, 'stack.json'), 'utf8')),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The API of a stack; what it refuses is an error with its code. */
export function openApi({ api, adminKeyFile }) {
  const authorization = `Bearer ${readFileSync(adminKeyFile, 'utf8').trim()}`;
  return async (method, path, body) => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    const told = `${method} ${path} answered ${response.status}: ${answer.detail}`;
    throw Object.assign(new Error(told), { status: response.status, code: answer.code });
  };
}

/** Runs one command of the command line with its output on ours; answers its exit code. */
export function command(args) {
  return new Promise((resolve) => {
    spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'inherit', 'inherit'] }).once('exit', resolve);
  });
}

/** Starts one command with `--json`; `ended` resolves with the document that it printed, and rejects unless its exit code is 0. It goes when we go. */
export function startCommand(args) {
  const child = spawn(process.execPath, ['--import', followParent, cli, ...args, '--json'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [printed, complaints] = ['', ''];
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (complaints += chunk));
  const ended = new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(printed));
      else reject(new Error(`tradewind ${args.slice(0, 2).join(' ')} ended with ${code}: ${printed}${complaints}`));
    });
  });
  return { ended, stop: () => child.kill('SIGTERM') };
}
