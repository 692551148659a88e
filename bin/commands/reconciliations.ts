import type { Command } from 'commander';
import { openClient, type Page } from '../terminal/client.ts';
import { type CommonOptions, print, tableOf, withCommonOptions } from '../terminal/output.ts';

interface ReconciliationView {
  readonly venue: string;
  readonly cause: string;
  readonly endedAt: string;
  readonly findings: Readonly<Record<string, number>>;
  readonly differences: Readonly<Record<string, string>>;
  readonly balances: Readonly<Record<string, string>> | null;
}

interface ForeignOrderView {
  readonly venue: string;
  readonly symbol: string;
  readonly orderId: string;
  readonly side: string;
  readonly price: string | null;
  readonly quantity: string;
  readonly filled: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

interface ForeignTradeView {
  readonly venue: string;
  readonly symbol: string;
  readonly tradeId: string;
  readonly orderId: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly feeAsset: string;
  readonly at: string;
}

interface ListOptions extends CommonOptions {
  readonly venue?: string;
  readonly limit?: string;
}

/** Adds to `tradewind risk` what the accounts were found to hold that is not ours: runs, orders and trades. */
export function registerReconciliations(risk: Command): void {
  addList<ReconciliationView>(risk, {
    name: 'reconciliations',
    description: 'what the comparisons of our books with the venues have found, newest first',
    path: '/v1/reconciliations',
    table: reconciliationTable,
  });
  addList<ForeignOrderView>(risk, {
    name: 'foreign-orders',
    description: 'open orders of somebody else on our accounts, which are never touched',
    path: '/v1/reconciliations/foreign-orders',
    table: foreignOrderTable,
  });
  addList<ForeignTradeView>(risk, {
    name: 'foreign-trades',
    description: 'trades of somebody else on our accounts, newest first, which are never counted as ours',
    path: '/v1/reconciliations/foreign-trades',
    table: foreignTradeTable,
  });
}

interface ListCommand<T> {
  readonly name: string;
  readonly description: string;
  readonly path: string;
  readonly table: (items: readonly T[]) => string;
}

function addList<T>(risk: Command, { name, description, path, table }: ListCommand<T>): void {
  withCommonOptions(risk.command(name).description(description))
    .option('--venue <id>', 'only on this venue account')
    .option('--limit <n>', 'how many, from 1 to 1000', '20')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const page = await openClient(options).get<Page<T>>(path, { venue: options.venue, limit: options.limit });
      print(options, page, () => (page.items.length === 0 ? `no ${name.replace('-', ' ')}\n` : table(page.items)));
    });
}

const pairs = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function reconciliationTable(items: readonly ReconciliationView[]): string {
  return tableOf(
    ['venue', 'cause', 'ended', 'found', 'balances differ by'],
    items.map(({ venue, cause, endedAt, findings, differences, balances }) => {
      const found = pairs(Object.fromEntries(Object.entries(findings).filter(([, count]) => count > 0)));
      const differ = balances === null ? 'not compared: they did not stand still' : pairs(differences) || 'nothing';
      return [venue, cause, endedAt, found || 'nothing', differ];
    }),
  );
}

function foreignOrderTable(items: readonly ForeignOrderView[]): string {
  return tableOf(
    ['venue', 'symbol', 'order', 'side', 'price', 'quantity', 'filled', 'first seen', 'last seen'],
    items.map((each) => [
      each.venue,
      each.symbol,
      each.orderId,
      each.side,
      each.price ?? 'market',
      each.quantity,
      each.filled,
      each.firstSeenAt,
      each.lastSeenAt,
    ]),
  );
}

function foreignTradeTable(items: readonly ForeignTradeView[]): string {
  return tableOf(
    ['venue', 'symbol', 'trade', 'order', 'side', 'price', 'quantity', 'fee', 'at'],
    items.map((each) => [
      each.venue,
      each.symbol,
      each.tradeId,
      each.orderId,
      each.side,
      each.price,
      each.quantity,
      `${each.fee} ${each.feeAsset}`,
      each.at,
    ]),
  );
}
