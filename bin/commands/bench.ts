import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { benchOptimize } from '../../bench/bench-optimize.ts';
import { benchBacktest, type BenchOptions, benchIndicators, disagreeing } from '../../bench/benchmarks.ts';
import type { Report } from '../../bench/measurement.ts';
import { readableReport } from '../../bench/readable.ts';
import { JobFailed } from '../terminal/errors.ts';
import { type CommonOptions, print, say, withCommonOptions } from '../terminal/output.ts';

const DEFAULT_RUNS = 7;
/** A run takes minutes there. */
const LONG_RUNS = 1;
const MOST_RUNS = 1_000;

type Options = CommonOptions & Pick<BenchOptions, 'runs'> & { readonly only?: string[]; readonly dataFolder?: string };

/** Adds `tradewind bench`: our speed beside that of other programs, on this machine and in this run. */
export function register(program: Command): void {
  const bench = program
    .command('bench')
    .description('speed beside other programs on this machine, results compared first; needs no stack');
  onWorkloads(
    bench,
    'backtest',
    'signal kernel and event engine beside vectorbt, RaptorBT and backtesting.py',
    benchBacktest,
  ).option('--data-folder <folder>', 'market data (default: TRADEWIND_TEST_DATA, else ../shared/data, else made up)');
  onWorkloads(bench, 'indicators', 'indicators beside TA-Lib', benchIndicators);
  onWorkloads(
    bench,
    'optimize',
    'searches on two threads beside RaptorBT and vectorbt, and what it costs that they are jobs',
    benchOptimize,
    LONG_RUNS,
  );
}

function onWorkloads(
  bench: Command,
  name: string,
  description: string,
  work: (options: BenchOptions) => Promise<Report>,
  defaultRuns = DEFAULT_RUNS,
): Command {
  return withCommonOptions(bench.command(name).description(description), 'nothing')
    .option('--runs <n>', 'measured runs of each', wholeRuns, defaultRuns)
    .option('--only <names...>', 'these workloads alone')
    .action(async (_own, command: Command) => {
      const { runs, only = [], dataFolder, ...options } = command.optsWithGlobals<Options>();
      const report = await work({ runs, only, say, ...(dataFolder === undefined ? {} : { dataFolder }) });
      print(options, report, () => readableReport(report));
      const wrong = disagreeing(report);
      if (wrong.length > 0)
        throw new JobFailed(`other results than a peer: ${wrong.map((each) => each.name).join(', ')}`);
    });
}

function wholeRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isSafeInteger(runs) || runs < 1 || runs > MOST_RUNS) {
    throw new InvalidArgumentError(`give a whole number from 1 to ${MOST_RUNS}`);
  }
  return runs;
}
