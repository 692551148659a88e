// Kills processes of a stack with `kill -9` while a search runs, and holds its rows against those of an undisturbed run, byte for byte:
//
//     node scripts/chaos-optimize.mjs [--kills 12] [--seconds 90 | --combinations N] [--seed 1] [--home FOLDER] [--keep]
//
// It starts a stack of its own, on ports of its own. The search is made long enough for one undisturbed run to keep every thread of the compute
// worker busy for `--seconds`: its processor time counts, so a machine with other work does not make the search shorter. A second comparison
// runs the same search on two compute workers. Ends with a JSON document, and with 1 when any byte differs.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureOrExit } from './ensure.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '90' },
    combinations: { type: 'string' },
    seed: { type: 'string', default: '1' },
    home: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const KILLS = Number(values.kills);
/** What is given decides how long the search is. */
const SECONDS = values.combinations === undefined ? Number(values.seconds) : 0;
const TARGETS = ['compute', 'trading', 'temporal', 'postgres'];
const BARS = 60_000;
const THREADS = Number(process.env['TRADEWIND_COMPUTE_THREADS'] ?? availableParallelism());
/** No wait is longer than this. */
const PATIENCE_MS = 45 * 60_000;

/** Numbers in [0, 1) that the seed decides (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const say = (line) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

/** Asks until the answer is there; what fails meanwhile is what was killed. */
async function until(what, ask, everyMs = 200) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await delay(everyMs);
  }
}

await ensureOrExit();
const home = values.home ?? mkdtempSync(join(tmpdir(), 'tradewind-chaos-'));
mkdirSync(home, { recursive: true });
chmodSync(home, 0o711);
const record = () => JSON.parse(readFileSync(join(home, 'stack.json'), 'utf8'));
const random = randomOf(Number(values.seed));
async function call(method, path, body) {
  const response = await fetch(`${record().api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${readFileSync(join(home, 'admin.key'), 'utf8').trim()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(300_000),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

const start = async (spec) => (await (await call('POST', '/v1/optimizations', spec)).json()).id;
const show = async (id) => (await call('GET', `/v1/optimizations/${id}`)).json();

async function ended(id) {
  const view = await until(`search ${id} to end`, async () => {
    const now = await show(id);
    return ['completed', 'cancelled', 'failed'].includes(now.status) && now;
  });
  if (view.status !== 'completed') throw new Error(`search ${id} is ${view.status}: ${JSON.stringify(view.problem)}`);
  return view;
}

/** The time from the start to the last row: what comes after is the judgement. */
async function evaluated(id) {
  const began = performance.now();
  await until(`search ${id} to have all rows`, async () => {
    const { done, total, status } = await show(id);
    return done === total || status === 'failed';
  });
  return (performance.now() - began) / 1000;
}

/** Processor time of the compute worker so far, in seconds for each of its threads. `ps` tells it as [[days-]hours:]minutes:seconds. */
function busySeconds() {
  const { pid } = record().processes.find(({ name }) => name === 'compute');
  const told = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  const [clock, days = '0'] = told.split('-').toReversed();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) / THREADS;
}

/** SHA-256 of all rows as they are exported, their ranks included, and how many there are. */
async function rowsOf(id) {
  const text = await (await call('GET', `/v1/optimizations/${id}/results.csv`)).text();
  return { sha256: createHash('sha256').update(text).digest('hex'), rows: text.trimEnd().split('\n').length - 1 };
}

function specOf(file, combinations) {
  const slow = Math.max(10, Math.round(combinations / 100));
  return {
    data: { file, symbol: 'CHAOS', timeframe: '1m', stamp: 'open' },
    strategy: { id: 'sma-cross', params: {} },
    broker: { commission: 0.0005 },
    space: { fast: { min: 2, max: 101, step: 1 }, slow: { min: 110, max: 110 + slow - 1, step: 1 } },
    constraints: ['fast < slow'],
    walkForward: { folds: 4 },
  };
}

async function writeBars() {
  const { syntheticCandles } = await import('../dist/domain/market/synthetic-candles.js');
  const { time, open, high, low, close, volume } = syntheticCandles({
    seed: 7,
    bars: BARS,
    timeframe: '1m',
    volatility: 0.0008,
  });
  const rows = Array.from(time, (at, i) => [at, open[i], high[i], low[i], close[i], volume[i]].join(','));
  const file = join(home, 'chaos.csv');
  writeFileSync(file, `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
  return file;
}

async function run() {
  await until('the stack', async () => existsSync(join(home, 'stack.json')) && record().ready === true);
  const file = await writeBars();
  const { spec, id: quiet, seconds: quietSeconds, kernelSeconds, total } = await undisturbed(file);
  const expected = await rowsOf(quiet);
  const times = `${quietSeconds.toFixed(1)} s, ${kernelSeconds.toFixed(1)} s of each of ${THREADS} threads`;
  say(`${total} combinations in ${times}, sha256 ${expected.sha256.slice(0, 16)}`);

  const disturbed = await start(spec);
  const began = performance.now();
  const kills = await disturb(disturbed, total);
  await evaluated(disturbed);
  const disturbedSeconds = (performance.now() - began) / 1000;
  await ended(disturbed);
  const afterKills = await rowsOf(disturbed);
  say(`after ${kills.length} kills ${disturbedSeconds.toFixed(1)} s, sha256 ${afterKills.sha256.slice(0, 16)}`);

  worker = await secondWorker();
  const onTwo = await start(spec);
  const twoSeconds = await evaluated(onTwo);
  await ended(onTwo);
  const afterTwo = await rowsOf(onTwo);
  say(`on two compute workers ${twoSeconds.toFixed(1)} s, sha256 ${afterTwo.sha256.slice(0, 16)}`);

  return {
    combinations: total,
    equal: afterKills.sha256 === expected.sha256 && afterTwo.sha256 === expected.sha256 && expected.rows === total,
    undisturbed: { ...expected, seconds: quietSeconds, kernelSeconds, threads: THREADS },
    disturbed: { ...afterKills, seconds: disturbedSeconds, kills },
    twoWorkers: { ...afterTwo, seconds: twoSeconds },
  };
}

/** A search that takes about as long as asked for: made longer, by how long the one before took, until one does. */
async function undisturbed(file) {
  for (let combinations = Number(values.combinations ?? 3_000); ;) {
    const spec = specOf(file, combinations);
    say(`a search of about ${combinations} combinations, undisturbed`);
    const before = busySeconds();
    const id = await start(spec);
    const seconds = await evaluated(id);
    const kernelSeconds = busySeconds() - before;
    const { total } = await ended(id);
    if (kernelSeconds >= SECONDS * 0.8) return { spec, id, seconds, kernelSeconds, total };
    combinations = Math.ceil(combinations * Math.min(10, Math.max(1.3, SECONDS / Math.max(1, kernelSeconds))));
  }
}

/** Kills at random instants, spread over the search by how far it is, each target in turn in random order. */
async function disturb(id, total) {
  const kills = [];
  let order = [];
  for (let k = 0; k < KILLS; k += 1) {
    const instant = ((k + random()) / KILLS) * 0.95 * total;
    let done = null;
    // What was killed may be what would tell: then time passes in its place, so that a kill may fall into a recovery as well.
    for (let silent = 0; (done ?? 0) < instant && silent < 40;) {
      const view = await show(id).catch(() => null);
      silent = view === null ? silent + 1 : 0;
      done = view?.done ?? done;
      await delay(100);
    }
    if (order.length === 0) order = TARGETS.toSorted(() => random() - 0.5);
    const target = order.pop();
    const pid = await until(
      `${target} to run`,
      async () => record().processes.find(({ name }) => name === target)?.pid ?? null,
    );
    process.kill(pid, 'SIGKILL');
    kills.push({ target, pid, done });
    say(`kill ${kills.length}: ${target} (${pid}) at ${done ?? '?'} combinations`);
  }
  return kills;
}

/** A further compute worker, as one on another machine would run. */
async function secondWorker() {
  const { temporal } = record();
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'workers', 'compute.js')], {
    env: {
      ...process.env,
      DATABASE_URL: readFileSync(join(home, 'database-url'), 'utf8').trim(),
      TEMPORAL_ADDRESS: temporal.address,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error('the second compute worker did not come up')));
  });
  return child;
}

const stack = spawn(process.execPath, [join(ROOT, 'bin', 'tradewind.mjs'), 'up', '--home', home], {
  stdio: ['ignore', 'ignore', 'ignore'],
});
let worker = null;
let outcome = null;
try {
  outcome = await run();
} finally {
  worker?.kill('SIGKILL');
  stack.kill('SIGTERM');
  await new Promise((resolve) => (stack.exitCode === null ? stack.once('exit', resolve) : resolve()));
  if (!values.keep && values.home === undefined) rmSync(home, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
process.exitCode = outcome.equal ? 0 : 1;
