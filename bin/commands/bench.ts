import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { benchOptimize } from '../../bench/bench-optimize.ts';
import { benchBacktest, type BenchOptions, benchIndicators, disagreeing } from '../../bench/benchmarks.ts';
import { benchExecutions } from '../../bench/executions/bench-executions.ts';
import { EXECUTION_PARTS, EXECUTIONS_DEFAULTS, type ExecutionPart } from '../../bench/executions/executions-options.ts';
import type { Report } from '../../bench/measurement.ts';
import { agrees } from '../../bench/parity.ts';
import { readableReport } from '../../bench/readable.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { parseDuration } from '../terminal/duration.ts';
import { JobFailed } from '../terminal/errors.ts';
import { type CommonOptions, print, say, withCommonOptions } from '../terminal/output.ts';
import { registerBenchReplay } from './bench-replay.ts';
import { registerBenchSessions } from './bench-sessions.ts';

const DEFAULT_RUNS = 7;
/** A run takes minutes there. */
const LONG_RUNS = 1;
/** Of runs, and of executions. */
const MOST = 10_000;

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
  onExecutions(bench);
  registerBenchReplay(bench);
  registerBenchSessions(bench);
}

interface Flags extends CommonOptions {
  readonly executions: number;
  readonly slice: DurationMs;
  readonly seconds: number;
  readonly warmUp: DurationMs;
  readonly bare: DurationMs;
  readonly step: number;
  readonly stepTime: DurationMs;
  readonly api: DurationMs;
  readonly only?: readonly ExecutionPart[];
}

/** Executions are measured on stacks of their own, beside the least that a workflow can do there. */
function onExecutions(bench: Command): void {
  const { executions, sliceMs, measuredMs, warmUpMs, bareMs, stepExecutions, stepMs, apiMs } = EXECUTIONS_DEFAULTS;
  withCommonOptions(
    bench
      .command('executions')
      .description('many TWAPs open at once on a stack of their own: lateness, the most that can be done, the API'),
    'nothing',
  )
    .option('--executions <n>', 'TWAPs open at once', wholeNumber, executions)
    .option('--slice <duration>', 'time between the slices of each', parseDuration, sliceMs)
    .option('--seconds <n>', 'how long lateness is measured', wholeNumber, measuredMs / 1_000)
    .option('--warm-up <duration>', 'from the last start until then', parseDuration, warmUpMs)
    .option('--bare <duration>', 'how long bare loops are measured, before and after', parseDuration, bareMs)
    .option('--step <n>', 'TWAPs that each step towards saturation adds', wholeNumber, stepExecutions)
    .option('--step-time <duration>', 'how long each step is measured', parseDuration, stepMs)
    .option('--api <duration>', 'how long each endpoint is under load', parseDuration, apiMs)
    .addOption(new Option('--only <parts...>', 'these parts alone').choices(EXECUTION_PARTS))
    .action(async (_own, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const report = await benchExecutions({
        executions: flags.executions,
        sliceMs: flags.slice,
        measuredMs: flags.seconds * 1_000,
        warmUpMs: flags.warmUp,
        bareMs: flags.bare,
        stepExecutions: flags.step,
        stepMs: flags.stepTime,
        apiMs: flags.api,
        only: flags.only ?? EXECUTION_PARTS,
        say,
      });
      print(flags, report, () => readableReport(report));
      if (report.parity !== null && !agrees(report.parity)) {
        throw new JobFailed('what the ledger of the exchange says to have traded is not what is stored as fills');
      }
    });
}

function onWorkloads(
  bench: Command,
  name: string,
  description: string,
  work: (options: BenchOptions) => Promise<Report>,
  defaultRuns = DEFAULT_RUNS,
): Command {
  return withCommonOptions(bench.command(name).description(description), 'nothing')
    .option('--runs <n>', 'measured runs of each', wholeNumber, defaultRuns)
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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1 || number > MOST) {
    throw new InvalidArgumentError(`give a whole number from 1 to ${MOST}`);
  }
  return number;
}
