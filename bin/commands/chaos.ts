import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_MEMORY_BOUND } from '../chaos/memory.ts';
import { type ChaosPlan, DEFAULT_LENGTH_MS, planRun, strikeInWords } from '../chaos/plan.ts';
import { isClean, runSeries } from '../chaos/series.ts';
import { soak, type SoakOptions } from '../chaos/soak.ts';
import { DEFAULT_TARGETS, parseTargets, TARGETS } from '../chaos/targets.ts';
import { InvalidInput } from '../stack/failures.ts';
import { readableChaos, readableSoak } from '../terminal/chaos-view.ts';
import { parseDuration } from '../terminal/duration.ts';
import { JobFailed } from '../terminal/errors.ts';
import { resolveHome } from '../terminal/home.ts';
import { type CommonOptions, print, say, withCommonOptions } from '../terminal/output.ts';

interface ChaosOptions extends CommonOptions {
  readonly runs: number;
  readonly seed: number;
  readonly targets?: string;
  readonly faultsPerRun: number;
  readonly executions: number;
  readonly sessions: number;
  readonly strategy?: string;
  readonly length: number;
  readonly keepDead?: boolean;
  readonly away: number;
  readonly soak?: number;
  readonly every: number;
  readonly memorySlope: number;
  readonly recoveryWithin?: number;
  readonly planOnly?: boolean;
}

/** Adds `tradewind chaos`: disturb the stack of a home while it trades, and hold every execution against the exchange's own ledger. */
export function register(program: Command): void {
  withCommonOptions(
    program
      .command('chaos')
      .description(
        'kill processes and break venues at random instants while executions run, then compare every one with the ledger of its simulated exchange; exit code 6 unless all agree. For paper accounts on simulated venues: it trades.',
      )
      .option('--runs <n>', 'how many runs, one after the other', parseCount, 1)
      .option('--seed <n>', 'decides everything that is random: what, whom and when', parseSeed, 1)
      .option('--targets <list>', `what may be struck, of ${TARGETS.join(', ')} (default: all but compute)`)
      .option('--faults-per-run <n>', 'disturbances in each run', parseCount, 5)
      .option('--executions <n>', 'executions at once; 0 with --sessions', parseCountOrNone, 8)
      .option('--sessions <n>', 'trading sessions beside them, through all runs', parseCountOrNone, 0)
      .option(
        '--strategy <file>',
        'an .mjs file with what the sessions trade by (default: three of the platform in turn)',
      )
      .addOption(
        new Option('--length <duration>', 'the longest that an execution is planned for, from 10s to 10m')
          .argParser(parseLength)
          .default(DEFAULT_LENGTH_MS, `${DEFAULT_LENGTH_MS / 1_000}s`),
      )
      .option('--keep-dead', 'the first process of each run that has a twin stays dead to the end of the run')
      .option(
        '--soak <duration>',
        'instead of runs: trade without a pause for so long and watch the memory of every process',
        parseDuration,
      )
      .addOption(
        new Option('--every <duration>', 'with --soak: time between two disturbances')
          .argParser(parseDuration)
          .default(60_000, '60s'),
      )
      .addOption(
        new Option('--away <duration>', 'how long a killed process is kept from coming up again, for example 2m')
          .argParser(parseDuration)
          .default(0, '0s'),
      )
      .option(
        '--memory-slope <mib>',
        'with --soak: how much a process may grow, in MiB a minute',
        parseSlope,
        DEFAULT_MEMORY_BOUND.slopeMibPerMinute,
      )
      .option(
        '--recovery-within <duration>',
        'what 95 in 100 recoveries may take; more is a failure (default: no bound)',
        parseDuration,
      )
      .option('--plan-only', 'print what would be done to whom and when, and do nothing'),
  ).action(async (_own: unknown, command: Command) => {
    const options = command.optsWithGlobals<ChaosOptions>();
    const plan: ChaosPlan = {
      seed: options.seed,
      targets: options.targets === undefined ? DEFAULT_TARGETS : parseTargets(options.targets),
      faultsPerRun: options.faultsPerRun,
      executions: options.executions,
      sessions: options.sessions,
      ...(options.strategy === undefined ? {} : { strategyFile: resolve(options.strategy) }),
      lengthMs: options.length,
    };
    if (plan.executions + plan.sessions === 0)
      throw new InvalidInput('--executions 0 leaves nothing to disturb: give --sessions as well');
    if (options.soak !== undefined && (plan.sessions > 0 || plan.executions === 0))
      throw new InvalidInput('--soak trades with executions alone: leave --sessions away');
    if (options.planOnly === true) return printPlan(options, plan);
    const home = resolveHome(options.home);
    const tell = (line: string) => say(`${new Date().toISOString().slice(11, 19)} ${line}`);
    if (options.soak !== undefined) return soakThrough(options, plan, { home, forMs: options.soak, say: tell });
    const result = await runSeries(plan, {
      home,
      runs: options.runs,
      keepDead: options.keepDead === true,
      awayMs: options.away,
      recoveryWithinMs: options.recoveryWithin ?? null,
      say: tell,
    });
    print(options, result, () => readableChaos(result));
    if (!isClean(result)) throw new JobFailed('the books differ, or something did not end');
  });
}

async function soakThrough(
  options: ChaosOptions,
  plan: ChaosPlan,
  how: Pick<SoakOptions, 'home' | 'forMs' | 'say'>,
): Promise<void> {
  if (how.forMs < options.every)
    throw new InvalidInput('--soak is shorter than --every: give more time than between two disturbances');
  const result = await soak(plan, {
    ...how,
    everyMs: options.every,
    memory: { ...DEFAULT_MEMORY_BOUND, slopeMibPerMinute: options.memorySlope },
    recoveryWithinMs: options.recoveryWithin ?? null,
  });
  print(options, result, () => readableSoak(result));
  if (result.failures.length > 0) throw new JobFailed('the books differ, something did not end, or a process grows');
}

function printPlan(options: ChaosOptions, plan: ChaosPlan): void {
  const runs = Array.from({ length: options.runs }, (_, index) => planRun(plan, index + 1));
  print(options, runs, () =>
    runs
      .flatMap(({ run, strikes }) => strikes.map((strike) => ({ run, strike })))
      .map(({ run, strike }) => `run ${run}: ${(strike.atMs / 1_000).toFixed(1)} s: ${strikeInWords(strike)}\n`)
      .join(''),
  );
}

function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000)
    throw new InvalidArgumentError(`"${text}" is no whole number from 1 to 1000.`);
  return value;
}

function parseCountOrNone(text: string): number {
  return text === '0' ? 0 : parseCount(text);
}

function parseSlope(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0)) throw new InvalidArgumentError(`"${text}" is no number above 0.`);
  return value;
}

function parseLength(text: string): number {
  const value = parseDuration(text);
  if (value < 10_000 || value > 600_000) throw new InvalidArgumentError(`"${text}" is not from 10s to 10m.`);
  return value;
}

function parseSeed(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || Math.abs(value) > 0x7fffffff)
    throw new InvalidArgumentError(`"${text}" is no whole number of 32 bits.`);
  return value;
}
