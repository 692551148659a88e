import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isOver } from '../../domain/backtest/commands.ts';
import type { BacktestResult } from '../../domain/backtest/result.ts';
import { fetchOutput, openFolder, writeOutput } from '../terminal/backtest-files.ts';
import {
  type BacktestSummary,
  backtestTable,
  type BacktestView,
  progressText,
  readableBacktest,
  readableResult,
} from '../terminal/backtest-view.ts';
import { type ApiClient, openClient, type Page } from '../terminal/client.ts';
import { isPassing, JobFailed } from '../terminal/errors.ts';
import { runLocally } from '../terminal/local-backtest.ts';
import { type CommonOptions, listOf, print, say, withCommonOptions } from '../terminal/output.ts';
import { readSpecFile } from '../terminal/spec-file.ts';
import { registerCheck } from './backtest-check.ts';
import { registerReport } from './backtest-report.ts';

const POLL_MS = 250;
/** Pause between two lines about the progress. */
const SAY_EVERY_MS = 2_000;
/** How long an API that does not answer is waited for: a restart takes seconds. */
const PATIENCE_MS = 120_000;
const STATUSES = ['queued', 'running', 'completed', 'cancelled', 'failed'];

interface RunOptions extends CommonOptions {
  readonly spec: string;
  readonly local?: boolean;
  readonly out?: string;
  readonly wait: boolean;
  readonly key?: string;
}

const pathOf = (id: string, part = ''): string => `/v1/backtests/${encodeURIComponent(id)}${part}`;

/** Adds `tradewind backtest`: backtests through the API, or here with `--local`. */
export function register(program: Command): void {
  const backtest = program.command('backtest').description('run strategies over bars of the past');
  registerRun(backtest);
  registerCheck(backtest);
  registerShow(backtest);
  registerList(backtest);
  registerReport(backtest);
  withCommonOptions(backtest.command('cancel <id>').description('end a backtest without a result')).action(
    async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const answer = await openClient(options).post<{ id: string; status: string }>(pathOf(id, '/cancel'), {});
      print(options, answer, () => `backtest ${answer.id} is ${answer.status}; the cancel was taken\n`);
    },
  );
}

function registerRun(backtest: Command): void {
  withCommonOptions(backtest.command('run').description('run a backtest'))
    .requiredOption('--spec <file>', 'JSON file with the spec, or with the manifest of an earlier run to replay it')
    .option('--local', 'run in this process, without a stack')
    .option(
      '--out <folder>',
      'write trades.csv, equity.csv, report.html, report.json, manifest.json and result.json there',
    )
    .option('--wait', 'wait until it has ended; exit code 6 unless it completed (this is the default)', true)
    .option('--no-wait', 'do not wait')
    .option('--key <key>', 'idempotency key: the same key and spec are one backtest, however often it is sent')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      const document = await readSpecFile(options.spec);
      if (options.out !== undefined) await openFolder(options.out);
      return options.local === true ? runHere(document, options) : runByApi(document, options);
    });
}

async function runHere(document: unknown, options: RunOptions): Promise<void> {
  const run = await runLocally(document);
  if ('problem' in run) {
    const { problem } = run;
    print(options, { id: null, status: 'failed', problem }, () => `failed, ${problem.code}: ${problem.detail}\n`);
    throw new JobFailed(problem.detail);
  }
  const { id, output } = run;
  if (options.out !== undefined) await writeOutput(options.out, id, output);
  print(options, shown(id, output.result), () => readableResult(id, output.result));
}

async function runByApi(document: unknown, options: RunOptions): Promise<void> {
  const client = openClient(options);
  const started = await client.start<{ id: string; workflowId: string; status: string }>(
    '/v1/backtests',
    document,
    options.key,
  );
  if (!options.wait) return print(options, started, () => listOf(Object.entries(started)));
  say(`backtest ${started.id} is ${started.status}`);
  const view = await ended(client, started.id);
  await showEnded(client, view, options);
  if (view.status !== 'completed') throw new JobFailed(`the backtest is ${view.status}`);
}

function registerShow(backtest: Command): void {
  withCommonOptions(backtest.command('show <id>').description('one backtest, with its result when it has one'))
    .option('--out <folder>', 'write its files there')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { out?: string }>();
      const client = openClient(options);
      const view = await client.get<BacktestView>(pathOf(id));
      if (options.out !== undefined) await openFolder(options.out);
      await showEnded(client, view, options);
    });
}

function registerList(backtest: Command): void {
  withCommonOptions(backtest.command('list').description('backtests, newest first'))
    .addOption(new Option('--status <status>', 'only those of this status').choices(STATUSES))
    .option('--strategy <name>', 'only those of this strategy')
    .option('--symbol <symbol>', 'only those of this symbol')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <text>', 'the "next" of the page before')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & Record<string, string>>();
      const { json: _json, home: _home, ...query } = options;
      const page = await openClient(options).get<Page<BacktestSummary>>(
        '/v1/backtests',
        query as Record<string, string>,
      );
      print(options, page, () => backtestTable(page.items));
    });
}

/** The backtest once it has ended. Outlives a restart of the API; throws when it stays away for two minutes. */
async function ended(client: Pick<ApiClient, 'get'>, id: string): Promise<BacktestView> {
  let answeredAt = performance.now();
  let saidAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    try {
      const view = await client.get<BacktestView>(pathOf(id));
      answeredAt = performance.now();
      if (isOver(view.status)) return view;
      if (answeredAt - saidAt > SAY_EVERY_MS) {
        say(`${view.status}: ${progressText(view)}`);
        saidAt = answeredAt;
      }
    } catch (error) {
      if (!isPassing(error) || performance.now() - answeredAt > PATIENCE_MS) throw error;
    }
    await delay(POLL_MS);
  }
}

async function showEnded(
  client: ApiClient,
  view: BacktestView,
  options: CommonOptions & { readonly out?: string },
): Promise<void> {
  const result = view.status === 'completed' ? (view as unknown as BacktestResult) : null;
  if (result === null) {
    const { id, status, progress, problem } = view;
    return print(options, { id, status, progress, problem }, () => readableBacktest(view));
  }
  if (options.out !== undefined) await fetchOutput(options.out, client, view);
  print(options, shown(view.id, result), () => readableResult(view.id, result));
}

/** What is printed as a document; `result.json` has the rest. */
function shown(id: string, { tradesHash, manifest, metrics, reasons, notes, ...rest }: BacktestResult) {
  const { bars, warmUpBars, closedTrades, openTrades, orders, ruined } = rest;
  return {
    id,
    status: 'completed',
    tradesHash,
    manifest,
    metrics,
    reasons,
    notes,
    bars,
    warmUpBars,
    closedTrades,
    openTrades,
    orders,
    ruined,
  };
}

function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError(`"${text}" is no whole number above 0.`);
  return value;
}
