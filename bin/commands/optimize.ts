import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isOver } from '../../domain/optimization/job/commands.ts';
import { InvalidInput } from '../stack/failures.ts';
import { type ApiClient, openClient, type Page } from '../terminal/client.ts';
import { JobFailed } from '../terminal/errors.ts';
import { follow } from '../terminal/follow.ts';
import {
  type OptimizationSummary,
  optimizationTable,
  type OptimizationView,
  progressLine,
  readableOptimization,
  resultTable,
  type ResultView,
  shownOptimization,
} from '../terminal/optimization-view.ts';
import { type CommonOptions, print, say, withCommonOptions } from '../terminal/output.ts';
import { readSpecFile } from '../terminal/spec-file.ts';
import { registerCompare } from './optimize-compare.ts';

const POLL_MS = 500;
/** How long a cancel is given to take effect before the job is shown as it is. */
const CANCEL_WITHIN_MS = 8_000;
const STATUSES = ['queued', 'running', 'paused', 'completed', 'cancelled', 'failed'];
const TOP = 20;
const MOST_SHOWN = 1_000;

const pathOf = (id: string, part = ''): string => `/v1/optimizations/${encodeURIComponent(id)}${part}`;

/** Adds `tradewind optimize`: optimisations through the API. */
export function register(program: Command): void {
  const optimize = program.command('optimize').description('search parameters, and judge what was found');
  registerStart(optimize);
  registerList(optimize);
  registerShow(optimize);
  onJob(optimize, 'pause', 'stop until it is resumed; the rows that it has stay');
  onJob(optimize, 'resume', 'go on with a paused or failed optimisation');
  onJob(optimize, 'cancel', 'end an optimisation; its rows stay');
  registerResults(optimize);
  registerReport(optimize);
  registerCompare(optimize);
}

interface StartOptions extends CommonOptions {
  readonly spec: string;
  readonly wait?: boolean;
  readonly key?: string;
}

function registerStart(optimize: Command): void {
  withCommonOptions(optimize.command('start').description('start an optimisation'))
    .requiredOption('--spec <file>', 'JSON file: a backtest spec with space, constraints, sampler, objective and so on')
    .option('--wait', 'show its progress until it has ended; exit code 6 unless it completed. Ctrl-C only detaches')
    .option('--key <key>', 'idempotency key: the same key and spec start one optimisation, however often it is sent')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<StartOptions>();
      const document = await readSpecFile(options.spec);
      const client = openClient(options);
      const { id } = await client.start<{ id: string }>('/v1/optimizations', document, options.key);
      if (options.wait !== true) return show(options, await client.get<OptimizationView>(pathOf(id)));
      say(`optimisation ${id} is started`);
      const view = await watched(client, id, (line) => say(line));
      show(options, view);
      if (isOver(view.status) && view.status !== 'completed') throw new JobFailed(`the optimisation is ${view.status}`);
    });
}

function registerList(optimize: Command): void {
  withCommonOptions(optimize.command('list').description('optimisations, newest first'))
    .addOption(new Option('--status <status>', 'only those of this status').choices(STATUSES))
    .option('--strategy <name>', 'only those of this strategy')
    .option('--symbol <symbol>', 'only those of this symbol')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <text>', 'the "next" of the page before')
    .action(async (_own, command: Command) => {
      const { json: _json, home: _home, ...query } = command.optsWithGlobals<CommonOptions & Record<string, string>>();
      const options = command.optsWithGlobals<CommonOptions>();
      const page = await openClient(options).get<Page<OptimizationSummary>>('/v1/optimizations', query);
      print(options, page, () => optimizationTable(page.items));
    });
}

function registerShow(optimize: Command): void {
  withCommonOptions(optimize.command('show <id>').description('how far an optimisation is, and its verdict'))
    .option('--follow', 'show its progress until it has ended (with --json: NDJSON)')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { follow?: boolean }>();
      const client = openClient(options);
      if (options.follow !== true) return show(options, await client.get<OptimizationView>(pathOf(id)));
      if (options.json !== true) return show(options, await watched(client, id, (line) => say(line)));
      for await (const view of changes(client, id))
        process.stdout.write(`${JSON.stringify(shownOptimization(view))}\n`);
    });
}

function onJob(optimize: Command, name: 'pause' | 'resume' | 'cancel', description: string): void {
  withCommonOptions(optimize.command(`${name} <id>`).description(description)).action(
    async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const client = openClient(options);
      await client.post(pathOf(id, `/${name}`), {});
      const view = await client.get<OptimizationView>(pathOf(id));
      show(options, name === 'cancel' ? await settled(client, view) : view);
    },
  );
}

interface ResultsOptions extends CommonOptions {
  readonly out?: string;
  readonly top?: number;
}

function registerResults(optimize: Command): void {
  withCommonOptions(optimize.command('results <id>').description('the combinations and what each came to, best first'))
    .option('--out <file>', 'write a CSV with every number: all combinations in the order of the search, or the --top')
    .option('--top <n>', 'only the best', parseCount)
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<ResultsOptions>();
      const client = openClient(options);
      if (options.out !== undefined) return writeResults(client, id, options.out, options);
      const top = options.top ?? TOP;
      if (top > MOST_SHOWN) throw new InvalidInput(`--top ${top}: more than ${MOST_SHOWN} go to a file, by --out`);
      const page = await client.get<Page<ResultView>>(pathOf(id, '/results'), { sort: 'score', limit: top });
      print(options, page, () => resultTable(page.items));
    });
}

async function writeResults(client: ApiClient, id: string, out: string, options: ResultsOptions): Promise<void> {
  const query = options.top === undefined ? 'sort=position' : `sort=score&top=${options.top}`;
  await client.download(`${pathOf(id, '/results.csv')}?${query}`, out);
  print(options, { id, out }, () => `${out} is written\n`);
}

function registerReport(optimize: Command): void {
  withCommonOptions(optimize.command('report <id>').description('the report of a judged optimisation as one HTML file'))
    .requiredOption('--out <file>', 'where to write it')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { out: string }>();
      await openClient(options).download(pathOf(id, '/report.html'), options.out);
      print(options, { id, out: options.out }, () => `${options.out} is written\n`);
    });
}

function show(options: CommonOptions, view: OptimizationView): void {
  print(options, shownOptimization(view), () => readableOptimization(view));
}

function changes(client: Pick<ApiClient, 'get'>, id: string, stop?: AbortSignal): AsyncGenerator<OptimizationView> {
  return follow<OptimizationView>(client, pathOf(id), {
    seenOf: ({ status, done, problem }) => [status, done, problem],
    isOver: ({ status }) => isOver(status),
    pollMs: POLL_MS,
    ...(stop === undefined ? {} : { stop }),
  });
}

/** Tells the progress until the job has ended. Ctrl-C ends the watching only, and says how to come back: the job runs on. */
async function watched(client: ApiClient, id: string, tell: (line: string) => void): Promise<OptimizationView> {
  const detach = new AbortController();
  const interrupted = (): void => detach.abort();
  process.once('SIGINT', interrupted);
  try {
    const left = new Promise<null>((resolve) => {
      detach.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    let last: OptimizationView | null = null;
    for (const views = changes(client, id, detach.signal); ;) {
      const step = await Promise.race([views.next(), left]);
      if (step === null) {
        tell(`detached; it runs on. Watch it again with: tradewind optimize show ${id} --follow`);
        return last ?? (await client.get<OptimizationView>(pathOf(id)));
      }
      if (step.done === true) return last ?? (await client.get<OptimizationView>(pathOf(id)));
      last = step.value;
      tell(progressLine(last));
    }
  } finally {
    process.off('SIGINT', interrupted);
  }
}

/** The job once it is over, or as it is when that takes too long. */
async function settled(client: ApiClient, first: OptimizationView): Promise<OptimizationView> {
  const deadline = performance.now() + CANCEL_WITHIN_MS;
  let view = first;
  while (!isOver(view.status) && performance.now() < deadline) {
    await delay(POLL_MS / 2);
    view = await client.get<OptimizationView>(pathOf(view.id));
  }
  return view;
}

function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError(`"${text}" is no whole number above 0.`);
  return value;
}
