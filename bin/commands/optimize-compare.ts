import { type Command, InvalidArgumentError } from 'commander';
import { type BacktestStatus, isOver } from '../../domain/backtest/commands.ts';
import { MOST_RUNS } from '../../domain/backtest/report/join-reports.ts';
import type { BacktestSpec } from '../../domain/backtest/spec/spec.ts';
import { topSpecs } from '../../domain/optimization/report/top-specs.ts';
import type { OptimizationResult } from '../../domain/optimization/result.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import { InvalidInput } from '../stack/failures.ts';
import { type ApiClient, openClient } from '../terminal/client.ts';
import { JobFailed } from '../terminal/errors.ts';
import { follow } from '../terminal/follow.ts';
import { type CommonOptions, print, say, withCommonOptions } from '../terminal/output.ts';

interface CompareOptions extends CommonOptions {
  readonly top: number;
  readonly out: string;
}

interface Compared {
  readonly id: string;
  /** Number of the combination. */
  readonly index: number;
  readonly params: Readonly<Record<string, number>>;
}

interface Ended extends Compared {
  readonly status: BacktestStatus;
}

/** Adds `tradewind optimize compare`: the best combinations as backtests of their own, on one page. */
export function registerCompare(optimize: Command): void {
  withCommonOptions(
    optimize.command('compare <id>').description('run the best again as backtests, and put them on one HTML page'),
  )
    .option('--top <n>', `how many of the best, at most ${MOST_RUNS}`, parseTop, MOST_RUNS)
    .requiredOption('--out <file>', 'where the page goes')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CompareOptions>();
      const client = openClient(options);
      const started = await backtestsOf(client, id, options.top);
      say(`${started.length} backtests run`);
      const backtests = await Promise.all(started.map((backtest) => ended(client, backtest)));
      const missing = backtests.filter(({ status }) => status !== 'completed');
      if (missing.length > 0) {
        print(options, { id, out: null, backtests }, () => missing.map(lineOf).join(''));
        throw new JobFailed(`${missing.length} of ${backtests.length} backtests did not complete`);
      }
      const ids = backtests.map((backtest) => encodeURIComponent(backtest.id)).join(',');
      await client.download(`/v1/backtests/report.html?ids=${ids}`, options.out);
      print(options, { id, out: options.out, backtests }, () => `${options.out} is written\n`);
    });
}

/** Starts them; asked for again, they are the same backtests. */
async function backtestsOf(client: ApiClient, id: string, count: number): Promise<readonly Compared[]> {
  const path = `/v1/optimizations/${encodeURIComponent(id)}`;
  const result = await client.get<OptimizationResult>(`${path}/result`);
  const { spec } = await client.get<{ spec: OptimizationSpec }>(path);
  const specs = topSpecs(spec, result, count);
  if (specs.length === 0) throw new InvalidInput(`no combination of ${id} has a score: there is nothing to compare`);
  const start = async (body: BacktestSpec, place: number): Promise<Compared> => {
    const { index, params } = result.top[place]!;
    const key = { 'idempotency-key': `optimization/${id}/${index}` };
    const started = await client.post<{ id: string }>('/v1/backtests', body, key);
    return { id: started.id, index, params };
  };
  return Promise.all(specs.map(start));
}

const lineOf = ({ id, index, status }: Ended): string => `backtest ${id} of combination ${index} is ${status}\n`;

async function ended(client: ApiClient, backtest: Compared): Promise<Ended> {
  let status: BacktestStatus = 'queued';
  const views = follow<{ readonly status: BacktestStatus }>(
    client,
    `/v1/backtests/${encodeURIComponent(backtest.id)}`,
    {
      seenOf: (view) => view.status,
      isOver: (view) => isOver(view.status),
    },
  );
  for await (const view of views) status = view.status;
  return { ...backtest, status };
}

function parseTop(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > MOST_RUNS)
    throw new InvalidArgumentError(`"${text}" is no whole number from 1 to ${MOST_RUNS}.`);
  return value;
}
