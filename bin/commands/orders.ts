import type { Command } from 'commander';
import { InvalidInput } from '../stack/failures.ts';
import { openClient } from '../terminal/client.ts';
import { type CommonOptions, listOf, print, withCommonOptions } from '../terminal/output.ts';

interface OrderView {
  readonly clientOrderId: string;
  readonly executionId: string;
  readonly venue: string;
  readonly symbol: string;
  readonly state: string;
  readonly problem: { readonly detail: string } | null;
}

interface SettleOptions extends CommonOptions {
  readonly notPlaced?: boolean;
  readonly reason: string;
}

/** Adds `tradewind orders`: what a person knows of an order and the platform cannot find out. */
export function register(program: Command): void {
  const orders = program.command('orders').description('settle an order whose outcome the platform cannot find out');
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
