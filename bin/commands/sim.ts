import { type Command, InvalidArgumentError } from 'commander';
import { callAdmin, venueOf } from '../stack/venue-admin.ts';
import { parseDuration } from '../terminal/duration.ts';
import { resolveHome } from '../terminal/home.ts';
import { print, tableOf } from '../terminal/output.ts';
import { stackOf } from '../terminal/running-stack.ts';

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
}

/** Ids and money as text, the rest plain values. */
type Rows = readonly Readonly<Record<string, string | number | boolean | null>>[];

interface Ledger {
  readonly orders: Rows;
  readonly fills: Rows;
  readonly balances: Rows;
}

/** Adds `tradewind sim`: the operator's side of a simulated venue. */
export function register(program: Command): void {
  const sim = program.command('sim').description("a simulated venue's own ledger and faults");
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
    .requiredOption(
      '--endpoint <name>',
      'order.create, order.cancel, order.fetch, orders.open, orders.all, trades.mine, account, book, stream or *',
    )
    .requiredOption('--kind <kind>', 'delay, drop-before, drop-after, http-5xx or forget')
    .option('--for <duration>', 'how long, for example 10s', parseDuration)
    .option('--count <n>', 'how many times', parseNumber)
    .option('--probability <p>', 'how likely each time, above 0 and up to 1', parseNumber)
    .option('--delay <duration>', 'how much a delay adds, for example 2s', parseDuration)
    .action(async (_own, command) => {
      const options = optionsOf<FaultOptions>(command);
      const { endpoint, kind, count, probability } = options;
      const spec = { endpoint, kind, forMs: options.for, count, probability, delayMs: options.delay };
      const answer = (await adminCall(options, 'POST', '/faults', spec)) as { id: string };
      print(options, answer, () => `venue ${options.venue}: fault ${answer.id} set (${kind} on ${endpoint})\n`);
    });
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
