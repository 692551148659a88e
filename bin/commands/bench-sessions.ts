import { type Command, InvalidArgumentError, Option } from 'commander';
import { benchSessions } from '../../bench/sessions/bench-sessions.ts';
import { SESSIONS_DEFAULTS } from '../../bench/sessions/sessions-options.ts';
import { agrees } from '../../bench/parity.ts';
import { readableReport } from '../../bench/readable.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { isTimeframe, type Timeframe } from '../../domain/market/timeframe.ts';
import { parseDuration } from '../terminal/duration.ts';
import { JobFailed } from '../terminal/errors.ts';
import { type CommonOptions, print, say, withCommonOptions } from '../terminal/output.ts';

const MINUTE_MS = 60_000;
const MOST = 1_000;

interface Flags extends CommonOptions {
  readonly sessions: number;
  readonly trading: number;
  readonly markets: number;
  readonly timeframe: readonly Timeframe[];
  readonly minutes: number;
  readonly warmUp: DurationMs;
  readonly bare: DurationMs;
}

/** Adds `tradewind bench sessions`: on stacks of their own, one for each timeframe. */
export function registerBenchSessions(bench: Command): void {
  const { sessions, trading, markets, timeframes, measuredMs, warmUpMs, bareMs } = SESSIONS_DEFAULTS;
  withCommonOptions(
    bench
      .command('sessions')
      .description(
        'many trading sessions at once on a stack of their own: when they decide after a bar, memory, events',
      ),
    'nothing',
  )
    .option('--sessions <n>', 'sessions that run at once', wholeNumber, sessions)
    .option('--trading <n>', 'how many of them trade often', wholeOrNone, trading)
    .option('--markets <n>', 'markets that they share', wholeNumber, markets)
    .addOption(
      new Option('--timeframe <timeframes...>', 'one after another, each on a new stack')
        .argParser(addedTimeframe)
        .default(timeframes),
    )
    .option('--minutes <n>', 'how long decisions are measured', wholeNumber, measuredMs / MINUTE_MS)
    .option('--warm-up <duration>', 'from the first bar of all until then', parseDuration, warmUpMs)
    .option('--bare <duration>', 'how long bare loops are measured, before and after; 0s: not', parseDuration, bareMs)
    .action(async (_own, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const report = await benchSessions({
        sessions: flags.sessions,
        trading: flags.trading,
        markets: flags.markets,
        timeframes: flags.timeframe,
        measuredMs: flags.minutes * MINUTE_MS,
        warmUpMs: flags.warmUp,
        bareMs: flags.bare,
        say,
      });
      print(flags, report, () => readableReport(report));
      const wrong = [report, ...report.others].filter(({ parity }) => parity !== null && !agrees(parity));
      if (wrong.length > 0)
        throw new JobFailed(`other books or candles than the exchange's: ${wrong.map(({ name }) => name).join(', ')}`);
    });
}

function addedTimeframe(text: string, before: readonly Timeframe[]): readonly Timeframe[] {
  if (!isTimeframe(text)) throw new InvalidArgumentError('give a number and s or m, for example 15s or 1m');
  // The first one given takes the place of the default.
  return before === SESSIONS_DEFAULTS.timeframes ? [text] : [...before, text];
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1 || number > MOST) {
    throw new InvalidArgumentError(`give a whole number from 1 to ${MOST}`);
  }
  return number;
}

function wholeOrNone(text: string): number {
  return text.trim() === '0' ? 0 : wholeNumber(text);
}
