import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExecutionReport } from '../../domain/execution/costs/report.ts';
import { registerAmend } from './exec-amend.ts';
import { type ApiClient, openClient, type Page } from '../terminal/client.ts';
import { parseDuration } from '../terminal/duration.ts';
import { JobFailed } from '../terminal/errors.ts';
import {
  executionTable,
  type ExecutionView,
  type FillView,
  fillTable,
  readableExecution,
  type SliceView,
  sliceTable,
} from '../terminal/execution-view.ts';
import { followExecution } from '../terminal/follow.ts';
import { type CommonOptions, listOf, print, say, withCommonOptions } from '../terminal/output.ts';
import { readableReport } from '../terminal/report-view.ts';

type Started = Pick<ExecutionView, 'id' | 'workflowId' | 'status'>;

interface StartOptions extends CommonOptions {
  readonly algo: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly duration?: number;
  readonly end?: string;
  readonly start?: string;
  readonly slices?: number;
  readonly limit?: string;
  readonly jitterTime?: number;
  readonly jitterSize?: number;
  readonly maxParticipation?: number;
  readonly catchUp?: string;
  readonly catchUpFactor?: number;
  readonly style?: string;
  readonly crossAfter?: number;
  readonly kind?: string;
  readonly stopPrice?: string;
  readonly aggression?: number;
  readonly reduceOnly?: boolean;
  readonly param: Readonly<Record<string, number | string>>;
  readonly key?: string;
  readonly wait?: boolean;
}

const STATUSES = ['running', 'paused', 'completed', 'cancelled', 'expired', 'failed'];

const pathOf = (id: string, part = ''): string => `/v1/executions/${encodeURIComponent(id)}${part}`;

/** Adds `tradewind exec`: executions through the API. */
export function register(program: Command): void {
  const exec = program.command('exec').description('start, follow and command executions');
  registerStart(exec);
  withCommonOptions(exec.command('list').description('executions, newest first'))
    .addOption(new Option('--status <status>', 'only those of this status').choices(STATUSES))
    .option('--venue <id>', 'only those on this venue')
    .option('--symbol <symbol>', 'only those of this symbol')
    .option('--limit <n>', 'how many', parseNumber, 50)
    .option('--cursor <text>', 'the "next" of the page before')
    .action(async (_own, command: Command) => {
      const { json: _json, home, ...query } = command.optsWithGlobals<CommonOptions & Record<string, string>>();
      const page = await openClient({ home: home as string }).get<Page<ExecutionView>>('/v1/executions', query);
      print({ json: _json as boolean }, page, () => executionTable(page.items));
    });
  registerShow(exec);
  for (const name of ['pause', 'resume', 'cancel']) {
    onExecution(exec, name, `${name} an execution`, async (client, id, options) => {
      const answer = await client.post<Started>(pathOf(id, `/${name}`), {});
      print(options, answer, () => `execution ${answer.id} is ${answer.status}; the ${name} was taken\n`);
    });
  }
  registerAmend(exec);
  onExecution(exec, 'slices', 'the slices of an execution, planned and done', async (client, id, options) => {
    const items = await client.all<SliceView>(pathOf(id, '/slices'));
    print(options, { items, next: null }, () => sliceTable(items));
  });
  onExecution(exec, 'fills', 'the fills of an execution', async (client, id, options) => {
    const items = await client.all<FillView>(pathOf(id, '/fills'));
    print(options, { items, next: null }, () => fillTable(items));
  });
  onExecution(exec, 'report', 'what an execution cost', async (client, id, options) => {
    const report = await client.get<ExecutionReport>(pathOf(id, '/report'));
    print(options, report, () => readableReport(report));
  });
}

function onExecution(
  exec: Command,
  name: string,
  description: string,
  work: (client: ApiClient, id: string, options: CommonOptions) => Promise<void>,
): void {
  withCommonOptions(exec.command(`${name} <id>`).description(description)).action(
    async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await work(openClient(options), id, options);
    },
  );
}

function registerShow(exec: Command): void {
  withCommonOptions(exec.command('show <id>').description('one execution'))
    .option('--follow', 'a line whenever it changes, until it has ended (with --json: NDJSON)')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { follow?: boolean }>();
      const client = openClient(options);
      if (options.follow !== true) {
        const view = await client.get<ExecutionView>(pathOf(id));
        return print(options, view, () => readableExecution(view));
      }
      for await (const view of followExecution(client, id)) {
        process.stdout.write(options.json === true ? `${JSON.stringify(view)}\n` : `${progressLine(view)}\n`);
      }
    });
}

function registerStart(exec: Command): void {
  withCommonOptions(exec.command('start').description('start an execution'))
    .option('--algo <name>', 'the algorithm', 'twap')
    .requiredOption('--venue <id>', 'the venue account')
    .requiredOption('--symbol <symbol>', 'the unified symbol, for example BTC/USDT')
    .requiredOption('--side <side>', 'buy or sell')
    .requiredOption('--quantity <decimal>', 'how much, in base')
    .option('--duration <duration>', 'how long, for example 300s', parseDuration)
    .option('--end <time>', 'until when, ISO 8601 (instead of --duration)')
    .option('--start <time>', 'from when, ISO 8601 (default: now)')
    .option('--slices <n>', 'how many slices', parseNumber)
    .option('--limit <price>', 'worst price to trade at, in quote per base')
    .option('--jitter-time <ratio>', 'how far slices may move in time, 0 to 0.99 of half an interval', parseNumber)
    .option('--jitter-size <ratio>', 'how far the quantity may run ahead or behind, 0 to 0.99 slices', parseNumber)
    .option('--max-participation <ratio>', "largest share of the market's volume, e.g. 0.1", parseNumber)
    .option('--catch-up <policy>', 'how missed quantity is made up: skip, spread or burst')
    .option('--catch-up-factor <n>', 'largest child while catching up, in slices', parseNumber)
    .option('--style <style>', 'taker, or maker-first: wait at the touch before crossing')
    .option('--cross-after <ratio>', 'share of the interval after which a maker-first slice crosses', parseNumber)
    .option(
      '--kind <kind>',
      'of a single order: marketable, limit (rests at --limit) or stop (sleeps until --stop-price)',
    )
    .option('--stop-price <price>', 'price at which a stop is triggered, in quote per base')
    .option(
      '--aggression <bps>',
      'how far beyond the best opposite price an order may trade, in basis points',
      parseNumber,
    )
    .option('--reduce-only', 'a sell that only reduces what is held: a halt neither refuses it nor takes it back')
    .option('--param <name=value>', 'a further parameter of the algorithm; may be repeated', collectParam, {})
    .option('--key <key>', 'idempotency key: the same key and order start one execution, however often it is sent')
    .option('--wait', 'wait until it has ended; exit code 6 unless it completed')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<StartOptions>();
      const client = openClient(options);
      const started = await client.start<Started>('/v1/executions', startBody(options), options.key);
      if (options.wait === true) return waitFor(client, started, options);
      print(options, started, () => listOf(Object.entries(started)));
    });
}

/** The request as the options give it; what cannot be used is told by the API, which knows the instrument. */
export function startBody(options: StartOptions): Record<string, unknown> {
  return {
    algo: options.algo,
    venue: options.venue,
    symbol: options.symbol,
    side: options.side,
    quantity: options.quantity,
    durationMs: options.duration,
    endAt: options.end,
    startAt: options.start,
    limit: options.limit,
    slices: options.slices,
    jitterTime: options.jitterTime,
    jitterSize: options.jitterSize,
    maxParticipation: options.maxParticipation,
    catchUp: options.catchUp,
    catchUpFactor: options.catchUpFactor,
    style: options.style,
    crossAfter: options.crossAfter,
    kind: options.kind,
    stopPrice: options.stopPrice,
    aggressionBps: options.aggression,
    reduceOnly: options.reduceOnly === true ? 1 : undefined,
    ...options.param,
  };
}

async function waitFor(client: ApiClient, started: Started, options: StartOptions): Promise<void> {
  say(`execution ${started.id} is ${started.status}`);
  let last: ExecutionView | undefined;
  for await (const view of followExecution(client, started.id)) {
    last = view;
    say(progressLine(view));
  }
  if (last === undefined) return;
  const { id, workflowId, status, filled, residual, problem } = last;
  print(options, { id, workflowId, status, filled, residual, problem }, () => readableExecution(last));
  if (status !== 'completed') throw new JobFailed(`the execution is ${status}`);
}

function progressLine(view: ExecutionView): string {
  return `${view.status}: ${view.side} ${view.filled} of ${view.quantity} ${view.symbol}`;
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError(`"${text}" is no number.`);
  return value;
}

function collectParam(
  text: string,
  before: Readonly<Record<string, number | string>>,
): Record<string, number | string> {
  const [name = '', value = ''] = text.split('=', 2);
  if (name === '' || value.trim() === '') throw new InvalidArgumentError(`"${text}" is not of the form name=value.`);
  const number = Number(value);
  return { ...before, [name]: Number.isFinite(number) ? number : value };
}
