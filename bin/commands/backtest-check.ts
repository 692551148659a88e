import type { Command } from 'commander';
import type { StrategyCheck } from '../../adapters/ports/backtest-store.ts';
import { readableCheck } from '../terminal/check-view.ts';
import { openClient } from '../terminal/client.ts';
import { JobFailed } from '../terminal/errors.ts';
import { checkLocally } from '../terminal/local-backtest.ts';
import { type CommonOptions, print, withCommonOptions } from '../terminal/output.ts';
import { readSpecFile } from '../terminal/spec-file.ts';

interface CheckOptions extends CommonOptions {
  readonly spec: string;
  readonly local?: boolean;
}

/** Adds `tradewind backtest check`: whether a strategy knows the future, and whether its history is long enough. */
export function registerCheck(backtest: Command): void {
  withCommonOptions(
    backtest
      .command('check')
      .description('look whether the strategy of a spec looks ahead, and how its first values depend on earlier bars'),
  )
    .requiredOption('--spec <file>', 'JSON file with the spec of a backtest, or with a manifest')
    .option('--local', 'check in this process, without a stack')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CheckOptions>();
      const document = await readSpecFile(options.spec);
      const check = options.local === true ? await checkHere(document, options) : await checkByApi(document, options);
      print(options, check, () => readableCheck(check));
      if (!check.lookAhead.clean) throw new JobFailed(check.lookAhead.difference ?? 'the strategy looks ahead');
    });
}

function checkByApi(document: unknown, options: CheckOptions): Promise<StrategyCheck> {
  return openClient(options).postAndWait<StrategyCheck>('/v1/backtests/check', document);
}

async function checkHere(document: unknown, options: CheckOptions): Promise<StrategyCheck> {
  const outcome = await checkLocally(document);
  if ('check' in outcome) return outcome.check;
  const { problem } = outcome;
  print(options, { status: 'failed', problem }, () => `failed, ${problem.code}: ${problem.detail}\n`);
  throw new JobFailed(problem.detail);
}
