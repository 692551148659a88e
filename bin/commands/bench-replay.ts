import { type Command, InvalidArgumentError } from 'commander';
import { benchReplay, type ReplayReport } from '../../bench/replay/bench-replay.ts';
import { MONTH_BARS } from '../../bench/replay/replayed-bars.ts';
import { JobFailed } from '../terminal/errors.ts';
import { type CommonOptions, listOf, print, say, tableOf, withCommonOptions } from '../terminal/output.ts';

interface Flags extends CommonOptions {
  readonly bars: number;
  readonly dataFolder?: string;
}

/** Adds `tradewind bench replay`: sessions beside their backtests on replayed bars. */
export function registerBenchReplay(bench: Command): void {
  withCommonOptions(
    bench
      .command('replay')
      .description(
        'sessions of five strategies on a month of replayed bars: are their trades those of the backtest, what takes a bar',
      ),
    'nothing',
  )
    .option('--bars <n>', 'bars that are replayed', barCount, MONTH_BARS)
    .option('--data-folder <folder>', 'market data (default: TRADEWIND_TEST_DATA, else ../shared/data, else made up)')
    .action(async (_own, command: Command) => {
      const { bars, dataFolder, ...options } = command.optsWithGlobals<Flags>();
      const report = await benchReplay({ bars, say, ...(dataFolder === undefined ? {} : { dataFolder }) });
      print(options, report, () => readable(report));
      if (!report.equal) throw new JobFailed('a session has other trades than its backtest');
    });
}

function readable({ data, bars, elapsedMs, msPerBar, strategies, machine }: ReplayReport): string {
  const rows = strategies.map((each) => [
    each.strategy,
    Object.entries(each.params)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    each.trades,
    each.backtestTrades,
    each.equal ? 'yes' : 'no',
    each.firstDifference === null
      ? 'none'
      : `trade ${each.firstDifference.trade + 1}: ${each.firstDifference.field} ${each.firstDifference.session}, backtest ${each.firstDifference.backtest}`,
    `${each.equalDecisions} of ${each.decisions}`,
  ]);
  return [
    listOf([
      ['bars', `${bars}, ${data}`],
      ['took', `${(elapsedMs / 1_000).toFixed(0)} s${msPerBar === null ? '' : `, ${msPerBar.toFixed(0)} ms a bar`}`],
      ['machine', `${machine.cpu}, ${machine.cores} cores, load before ${machine.loadBefore}`],
    ]),
    tableOf(
      ['strategy', 'parameters', 'trades', 'of the backtest', 'equal', 'first difference', 'equal decisions'],
      rows,
    ),
  ].join('');
}

function barCount(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1 || number > MONTH_BARS) {
    throw new InvalidArgumentError(`give a whole number from 1 to ${MONTH_BARS}`);
  }
  return number;
}
