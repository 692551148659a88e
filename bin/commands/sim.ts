import { type Command, InvalidArgumentError } from 'commander';
import { callAdmin, venueOf } from '../stack/venue-admin.ts';
import { parseDuration, parseSignedDuration } from '../terminal/duration.ts';
import { resolveHome } from '../terminal/home.ts';
import { print, tableOf } from '../terminal/output.ts';
import { stackOf } from '../terminal/running-stack.ts';
import { registerPlay } from './sim-play.ts';

interface SimOptions {
  readonly home?: string;
  readonly venue: string;
  readonly json?: boolean;
}

interface FaultOptions extends SimOptions {
  readonly endpoint: string;
  readonly kind: string;
  readonly for?: number;
  readonly count?: number;
  readonly probability?: number;
  readonly delay?: number;
  readonly phase?: string;
  readonly retryAfter?: number;
  readonly fraction?: number;
  /** Commander's form of `--no-accept`: true unless given. */
  readonly accept: boolean;
}

const ENDPOINTS =
  'order.create, order.cancel, order.fetch, orders.open, orders.all, trades.mine, account, book, stream, stream.public, stream.user or *';
const KINDS =
  'delay, drop-before, drop-after, http-5xx, forget, rate-limit, ban, clock, timeout, reject, partial-fill, freeze, wrong-clock; on streams cut, silence or skip';

/** Ids and money as text, the rest plain values. */
type Rows = readonly Readonly<Record<string, string | number | boolean | null>>[];

interface Ledger {
  readonly orders: Rows;
  readonly fills: Rows;
  readonly balances: Rows;
}

/** Adds `tradewind sim`: the operator's side of a simulated venue. */
export function register(program: Command): void {
  const sim = program.command('sim').description("a simulated venue's own ledger, faults and candles");
  onVenue(sim, 'ledger', 'everything that the venue accepted and what came of it').action(async (_own, command) => {
    const options = optionsOf<SimOptions>(command);
    const ledger = (await adminCall(options, 'GET', '/ledger')) as Ledger;
    print(options, ledger, () => readableLedger(ledger));
  });
  onVenue(sim, 'clear', 'take all faults away').action(async (_own, command) => {
    const options = optionsOf<SimOptions>(command);
    const answer = (await adminCall(options, 'DELETE', '/faults')) as { cleared: number };
    print(options, answer, () => `venue ${options.venue}: ${answer.cleared} faults cleared\n`);
  });
  onVenue(sim, 'fault', 'let the venue fail in a chosen way')
    .requiredOption('--endpoint <name>', ENDPOINTS)
    .requiredOption('--kind <kind>', KINDS)
    .option('--for <duration>', 'how long, for example 10s', parseDuration)
    .option('--count <n>', 'how many times', parseNumber)
    .option('--probability <p>', 'how likely each time, above 0 and up to 1', parseNumber)
    .option(
      '--delay <duration>',
      'delay: how much it adds; wrong-clock: how far the clock is ahead, or behind (-2s)',
      parseSignedDuration,
    )
    .option('--phase <phase>', 'delay: before the request is processed, or after')
    .option('--retry-after <duration>', 'rate-limit, ban: how long the venue asks to be left alone', parseDuration)
    .option('--fraction <f>', 'partial-fill: which share of the order trades, from 0 to below 1', parseNumber)
    .option('--no-accept', 'timeout: the request is not processed')
    .action(async (_own, command) => {
      const options = optionsOf<FaultOptions>(command);
      const { endpoint, kind } = options;
      const spec = specOf(options);
      const answer = (await adminCall(options, 'POST', '/faults', spec)) as { id: string };
      print(options, answer, () => `venue ${options.venue}: fault ${answer.id} set (${kind} on ${endpoint})\n`);
    });
  registerPlay(sim);
}

/** What was not given is left out: the venue knows what each kind takes. */
function specOf(options: FaultOptions): Readonly<Record<string, unknown>> {
  const { endpoint, kind, count, probability, phase, fraction } = options;
  return {
    endpoint,
    kind,
    forMs: options.for,
    count,
    probability,
    delayMs: options.delay,
    phase,
    retryAfterMs: options.retryAfter,
    fraction,
    accept: options.accept ? undefined : false,
  };
}

function onVenue(sim: Command, name: string, description: string): Command {
  return sim
    .command(name)
    .description(description)
    .requiredOption('--venue <id>', 'the simulated venue')
    .option('--home <folder>', 'home of the stack (default: TRADEWIND_HOME, else .tradewind in the project)')
    .option('--json', 'print one JSON document');
}

function optionsOf<T extends SimOptions>(command: Command): T {
  return command.optsWithGlobals<T>();
}

function adminCall(options: SimOptions, method: string, path: string, body?: unknown): Promise<unknown> {
  return callAdmin(venueOf(stackOf(resolveHome(options.home)), options.venue), method, path, body);
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError(`"${text}" is no number.`);
  return value;
}

function readableLedger({ orders, fills, balances }: Ledger): string {
  return [
    'Orders\n',
    columnsOf(orders, ['orderId', 'clientOrderId', 'symbol', 'side', 'status', 'price', 'quantity', 'filled']),
    'Fills\n',
    columnsOf(fills, ['tradeId', 'orderId', 'symbol', 'side', 'price', 'quantity', 'fee', 'maker']),
    'Balances\n',
    columnsOf(balances, ['asset', 'free', 'locked']),
  ].join('');
}

function columnsOf(rows: Rows, columns: readonly string[]): string {
  return tableOf(
    columns,
    rows.map((row) => columns.map((column) => String(row[column] ?? ''))),
  );
}
