import { type Command, InvalidArgumentError, Option } from 'commander';
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
    .option('--limit <price>', 'worst price to trade at from now on, in quote per base; none takes it away', parseLimit)
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<AmendOptions>();
      const path = `/v1/executions/${encodeURIComponent(id)}/amend`;
      const view = await openClient(options).post<ExecutionView>(path, amendBody(options));
      print(options, view, () => readableExecution(view));
    });
}

/** Told here and not by the API, whose word for no limit is another one. */
function parseLimit(text: string): string {
  if (text !== 'none' && !/^\d+(\.\d+)?$/.test(text))
    throw new InvalidArgumentError(`"${text}" is no price: give decimal text such as 60000.5, or none for no limit.`);
  return text;
}

/** The request as the options give it; what cannot be used is told by the API. */
export function amendBody({ quantity, duration, end, limit }: AmendOptions): Record<string, unknown> {
  return { quantity, durationMs: duration, endAt: end, limit: limit === 'none' ? null : limit };
}
