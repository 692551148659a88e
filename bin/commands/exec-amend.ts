import { type Command, Option } from 'commander';
import { openClient } from '../terminal/client.ts';
import { parseDuration } from '../terminal/duration.ts';
import { type ExecutionView, readableExecution } from '../terminal/execution-view.ts';
import { type CommonOptions, print, withCommonOptions } from '../terminal/output.ts';

interface AmendOptions extends CommonOptions {
  readonly quantity?: string;
  readonly duration?: number;
  readonly end?: string;
  readonly limit?: string;
}

/** Adds `exec amend`: another quantity, end or limit for a running execution. */
export function registerAmend(exec: Command): void {
  withCommonOptions(exec.command('amend <id>').description('change quantity, end or limit of a running execution'))
    .option('--quantity <decimal>', 'the new quantity in all, in base, what has filled included')
    .addOption(
      new Option('--duration <duration>', 'the new length from the start, for example 600s')
        .argParser(parseDuration)
        .conflicts('end'),
    )
    .option('--end <time>', 'the new end, ISO 8601 (instead of --duration)')
    .option('--limit <price>', 'worst price to trade at from now on, in quote per base; none takes it away')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<AmendOptions>();
      const path = `/v1/executions/${encodeURIComponent(id)}/amend`;
      const view = await openClient(options).post<ExecutionView>(path, amendBody(options));
      print(options, view, () => readableExecution(view));
    });
}

/** The request as the options give it; what cannot be used is told by the API. */
export function amendBody({ quantity, duration, end, limit }: AmendOptions): Record<string, unknown> {
  return { quantity, durationMs: duration, endAt: end, limit: limit === 'none' ? null : limit };
}
