import type { Command } from 'commander';
import { InvalidInput } from '../stack/failures.ts';
import { openClient, type Page } from '../terminal/client.ts';
import { type CommonOptions, listOf, print, tableOf, withCommonOptions } from '../terminal/output.ts';

interface OrderView {
  readonly clientOrderId: string;
  readonly executionId: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
  readonly filled: string;
  readonly avgPrice: string | null;
  readonly sentAt: string;
  readonly state: string;
  readonly problem: { readonly detail: string } | null;
}

interface ListOptions extends CommonOptions {
  readonly execution?: string;
  readonly venue?: string;
  readonly symbol?: string;
  readonly state?: string;
  readonly limit: string;
}

interface SettleOptions extends CommonOptions {
  readonly notPlaced?: boolean;
  readonly reason: string;
}

/** Adds `tradewind orders`: the orders of all executions, and what a person knows of one and the platform cannot find out. */
export function register(program: Command): void {
  const orders = program.command('orders').description('the orders of all executions, and what became of them');
  withCommonOptions(orders.command('list').description('the orders of all executions, newest first'))
    .option('--execution <id>', 'only of this execution')
    .option('--venue <id>', 'only on this venue account')
    .option('--symbol <symbol>', 'only of this symbol')
    .option('--state <state>', 'only in this state; sending: its outcome is not known yet')
    .option('--limit <n>', 'how many, from 1 to 1000', '20')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const { execution, venue, symbol, state, limit } = options;
      const page = await openClient(options).get<Page<OrderView>>('/v1/orders', {
        execution,
        venue,
        symbol,
        state,
        limit,
      });
      print(options, page, () => (page.items.length === 0 ? 'no orders\n' : orderTable(page.items)));
    });
  withCommonOptions(
    orders.command('settle <clientOrderId>').description('say what became of an order, after a look at the venue'),
  )
    .option('--not-placed', 'it is not at the venue, and has traded nothing')
    .requiredOption('--reason <text>', 'how that was found; it is kept')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<SettleOptions>();
      if (options.notPlaced !== true) {
        throw new InvalidInput('give --not-placed: an order that the venue shows settles by itself');
      }
      const order = await openClient(options).post<OrderView>(`/v1/orders/${encodeURIComponent(id)}/settle`, {
        outcome: 'not-placed',
        reason: options.reason,
      });
      print(options, order, () =>
        listOf([
          ['order', order.clientOrderId],
          ['execution', order.executionId],
          ['venue', order.venue],
          ['symbol', order.symbol],
          ['state', order.state],
          ['because', order.problem?.detail ?? ''],
        ]),
      );
    });
}

function orderTable(items: readonly OrderView[]): string {
  return tableOf(
    ['order', 'venue', 'symbol', 'side', 'price', 'quantity', 'filled', 'avg price', 'state', 'sent'],
    items.map((each) => [
      each.clientOrderId,
      each.venue,
      each.symbol,
      each.side,
      each.price,
      each.quantity,
      each.filled,
      each.avgPrice,
      each.state,
      each.sentAt,
    ]),
  );
}
