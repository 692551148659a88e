import { type Command, InvalidArgumentError, Option } from 'commander';
import { InvalidInput } from '../stack/failures.ts';
import { type ApiClient, openClient, type Page } from '../terminal/client.ts';
import { JobFailed } from '../terminal/errors.ts';
import { follow } from '../terminal/follow.ts';
import { type CommonOptions, listOf, print, say, withCommonOptions } from '../terminal/output.ts';
import { readSpecFile } from '../terminal/spec-file.ts';
import { type CheckView, checkTable } from '../terminal/session-check-view.ts';
import { isOver, readableSession, sessionLine, sessionTable, type SessionView } from '../terminal/session-view.ts';
import { onSession, parseCount, sessionPath } from '../terminal/session-command.ts';
import { registerReading } from './session-read.ts';

type Started = Pick<SessionView, 'id' | 'workflowId' | 'status'>;

const STATUSES = ['running', 'paused', 'stopping', 'stopped', 'failed'];

/** Adds `tradewind session`: trading sessions through the API. */
export function register(program: Command): void {
  const session = program.command('session').description('let strategies trade by themselves, on paper or live');
  registerStart(session);
  withCommonOptions(session.command('check').description('what a start would find, without starting anything'))
    .requiredOption('--spec <file>', 'JSON file with the spec')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { spec: string }>();
      const view = await openClient(options).post<CheckView>('/v1/sessions/check', await readSpecFile(options.spec));
      print(options, view, () => checkTable(view));
      if (!view.ok) throw new JobFailed('no session would start');
    });
  withCommonOptions(session.command('list').description('sessions, newest first'))
    .addOption(new Option('--status <status>', 'only those of this status').choices(STATUSES))
    .option('--venue <id>', 'only those on this venue account')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <text>', 'the "next" of the page before')
    .action(async (_own, command: Command) => {
      const { json, home, ...query } = command.optsWithGlobals<CommonOptions & Record<string, string>>();
      const page = await openClient({ home: home as string }).get<Page<SessionView>>('/v1/sessions', query);
      print({ json: json as boolean }, page, () => sessionTable(page.items) + older(page));
    });
  onSession(session, 'show', 'one session', async (client, id, options) => {
    const view = await client.get<SessionView>(sessionPath(id));
    print(options, view, () => readableSession(view));
  });
  onSession(session, 'follow', 'a line whenever it changes, until it has ended (with --json: NDJSON)', followIt);
  registerCommands(session);
  registerReading(session);
}

/** Says that a list goes on, and how to get the rest. */
function older({ items, next }: Page<unknown>): string {
  return next === null ? '' : `these are the newest ${items.length}, and there are older ones: --cursor ${next}\n`;
}

interface StartOptions extends CommonOptions {
  readonly spec: string;
  readonly key?: string;
  readonly confirm?: string;
  readonly waitBars?: number;
}

function registerStart(session: Command): void {
  withCommonOptions(session.command('start').description('start a session'))
    .requiredOption('--spec <file>', 'JSON file with the spec, - for standard input')
    .option('--key <key>', 'idempotency key: the same key and spec are one session, however often it is sent')
    .addOption(new Option('--confirm <label>', 'let it use real money, on a live account').choices(['live']))
    .option('--wait-bars <n>', 'wait until it has handled so many bars; exit code 6 when it ends before', parseCount)
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<StartOptions>();
      const document = await readSpecFile(options.spec);
      if (typeof document !== 'object' || document === null || Array.isArray(document))
        throw new InvalidInput(`--spec ${options.spec} holds no JSON object`);
      const body = options.confirm === undefined ? document : { ...document, confirm: options.confirm };
      const client = openClient(options);
      const started = await client.start<Started>('/v1/sessions', body, options.key);
      if (options.waitBars === undefined) return print(options, started, () => listOf(Object.entries(started)));
      say(`session ${started.id} is ${started.status}`);
      const view = await untilBars(client, started.id, options.waitBars);
      print(options, view, () => readableSession(view));
      if (view.bars < options.waitBars) throw new JobFailed(`the session is ${view.status} after ${view.bars} bars`);
    });
}

async function untilBars(client: ApiClient, id: string, bars: number): Promise<SessionView> {
  let last: SessionView | undefined;
  for await (const view of follow<SessionView>(client, sessionPath(id), {
    seenOf: ({ status, bars: handled, problem }) => [status, handled, problem],
    isOver: (each) => isOver(each) || each.bars >= bars,
  })) {
    last = view;
    say(sessionLine(view));
  }
  if (last === undefined) throw new Error(`session ${id} was never shown`);
  return last;
}

async function followIt(client: ApiClient, id: string, options: CommonOptions): Promise<void> {
  for await (const view of follow<SessionView>(client, sessionPath(id), {
    seenOf: ({ status, bars, openOrders, fillsTaken, block, problem }) => [
      status,
      bars,
      openOrders,
      fillsTaken,
      block,
      problem,
    ],
    isOver,
  })) {
    process.stdout.write(`${options.json === true ? JSON.stringify(view) : sessionLine(view)}\n`);
  }
}

function registerCommands(session: Command): void {
  const told = (view: SessionView): string => `session ${view.id} is ${view.status}\n`;
  withCommonOptions(session.command('pause <id>').description('decide nothing until it is resumed'))
    .option('--flatten', 'sell what it holds; without it positions and their stops stay')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { flatten?: boolean }>();
      const mode = options.flatten === true ? 'flatten' : 'keep';
      const view = await openClient(options).post<SessionView>(sessionPath(id, '/pause'), { mode });
      print(options, view, () => told(view));
    });
  withCommonOptions(session.command('resume <id>').description('go on, and lift what blocks entries'))
    .requiredOption('--reason <text>', 'why; it is kept')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { reason: string }>();
      const { reason } = options;
      const view = await openClient(options).post<SessionView>(sessionPath(id, '/resume'), { reason });
      print(options, view, () => told(view));
    });
  withCommonOptions(session.command('stop <id>').description('end a session; say what becomes of what it holds'))
    .option('--keep', 'leave positions and their stops at the venue')
    .option('--flatten', 'cancel its orders and sell what it holds')
    .option('--cancel', 'cancel its orders and leave positions')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & Record<string, unknown>>();
      const modes = ['keep', 'flatten', 'cancel'].filter((name) => options[name] === true);
      if (modes.length !== 1) throw new InvalidInput('give one of --keep, --flatten and --cancel');
      const view = await openClient(options).post<SessionView>(sessionPath(id, '/stop'), { mode: modes[0] });
      print(options, view, () => told(view));
    });
  withCommonOptions(session.command('amend <id>').description("change the strategy's parameters from the next bar on"))
    .requiredOption('--param <name=value>', 'a parameter of the strategy; may be repeated', collectParam)
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { param: Readonly<Record<string, number>> }>();
      const view = await openClient(options).post<SessionView>(sessionPath(id, '/amend'), { params: options.param });
      print(options, view, () => readableSession(view));
    });
  withCommonOptions(
    session.command('adjust <id>').description('put on record that it holds so much more, or less, than its books say'),
  )
    .requiredOption('--symbol <symbol>', 'a symbol of the session')
    .requiredOption('--quantity <decimal>', 'by how much, in base; negative when it holds less')
    .option('--price <price>', 'what the change is booked at (default: the last mark)')
    .requiredOption('--reason <text>', 'why; it is kept')
    .option('--key <key>', 'idempotency key: the same key and adjustment are booked once, however often it is sent')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & Record<string, string>>();
      const { symbol, quantity, price, reason, key } = options;
      const body = { symbol, quantity, price, reason };
      const client = openClient(options as CommonOptions);
      const what = { noun: 'adjustment', done: 'booked' };
      const view = await client.start<SessionView>(sessionPath(id, '/adjust'), body, key, what);
      const booked = `on record: ${quantity} of ${symbol}; it is booked with the session's next step, and is not in these books yet\n`;
      print(options as CommonOptions, view, () => readableSession(view) + (view.settled ? '' : booked));
    });
}

function collectParam(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [name = '', value = ''] = text.split('=', 2);
  const number = Number(value);
  if (name === '' || value.trim() === '' || !Number.isFinite(number))
    throw new InvalidArgumentError(`"${text}" is not of the form name=number.`);
  return { ...before, [name]: number };
}
