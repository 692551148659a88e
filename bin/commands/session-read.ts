import type { Command } from 'commander';
import type { ApiClient, Page } from '../terminal/client.ts';
import { openClient } from '../terminal/client.ts';
import { type ComparisonView, readableComparison } from '../terminal/comparison-view.ts';
import { JobFailed } from '../terminal/errors.ts';
import { type CommonOptions, print, withCommonOptions } from '../terminal/output.ts';
import {
  type CheckView,
  checkTable,
  readableReconciliation,
  type ReconciliationView,
} from '../terminal/session-check-view.ts';
import {
  decisionTable,
  equityTable,
  journalTable,
  orderTable,
  type PositionView,
  positionTable,
  tradeTable,
} from '../terminal/session-view.ts';
import { onSession, parseCount, sessionPath } from '../terminal/session-command.ts';

interface ListOptions extends CommonOptions {
  readonly limit: number;
  readonly all?: boolean;
  readonly signals?: boolean;
}

/** Of lists that the API tells from the oldest on unless it is asked otherwise. */
const NEWEST = { order: 'newest' } as const;

/** Adds what is read of one session. */
export function registerReading(session: Command): void {
  addList(session, 'decisions', 'what was decided at each bar, newest first', decisionTable).option(
    '--signals',
    'only bars at which the strategy asked for something',
  );
  addList(session, 'trades', 'its closed trades, newest first', tradeTable, NEWEST);
  addList(session, 'equity', 'equity and cash at the close of each bar, newest first', equityTable, NEWEST);
  addList(session, 'orders', 'its orders, newest first, with intended and realised prices', orderTable);
  addList(session, 'journal', 'all that has happened to it besides bars, newest first', journalTable, NEWEST);
  onSession(session, 'positions', 'what it holds', async (client, id, options) => {
    const view = await client.get<{ items: readonly PositionView[] }>(sessionPath(id, '/positions'));
    const held = view.items.filter(({ units }) => units !== 0);
    print(options, view, () => (held.length === 0 ? 'it holds nothing\n' : positionTable(held)));
  });
  onSession(session, 'check-list', 'its check list as things are now', async (client, id, options) => {
    const view = await client.get<CheckView>(sessionPath(id, '/check-list'));
    const verdict = view.ok ? 'nothing stands in the way of the session' : 'the session has the problems above';
    print(options, view, () => checkTable(view, verdict));
    if (!view.ok) throw new JobFailed(verdict);
  });
  onSession(
    session,
    'reconciliation',
    'its books against its account, as looked at last',
    async (client, id, options) => {
      const view = await client.get<ReconciliationView>(sessionPath(id, '/reconciliation'));
      print(options, view, () => readableReconciliation(view));
    },
  );
  onSession(session, 'reconcile', 'compare its books with its account now', async (client, id, options) => {
    const view = await client.post<ReconciliationView>(sessionPath(id, '/reconcile'), {});
    print(options, view, () => readableReconciliation(view));
  });
  onSession(session, 'compare', 'the backtest over the same time against the session', async (client, id, options) => {
    const view = await client.postAndWait<ComparisonView>(sessionPath(id, '/comparison'), {});
    print(options, view, () => readableComparison(view));
  });
}

function addList<T>(
  session: Command,
  name: string,
  description: string,
  table: (items: readonly T[]) => string,
  query: Readonly<Record<string, string>> = {},
): Command {
  return withCommonOptions(session.command(`${name} <id>`).description(description))
    .option('--limit <n>', 'how many, from 1 to 1000', parseCount, 50)
    .option('--all', 'all of them, however many')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const page = await pageOf<T>(openClient(options), sessionPath(id, `/${name}`), query, options);
      print(options, page, () => (page.items.length === 0 ? `no ${name}\n` : `${table(page.items)}${rest(page)}`));
    });
}

/** Says that a list goes on. */
function rest({ items, next }: Page<unknown>): string {
  return next === null ? '' : `these are the newest ${items.length}, and there are older ones: see --limit and --all\n`;
}

async function pageOf<T>(
  client: ApiClient,
  path: string,
  order: Readonly<Record<string, string>>,
  { limit, all, signals }: ListOptions,
): Promise<Page<T>> {
  const query = signals === true ? { ...order, signals: 'only' } : order;
  if (all === true) return { items: await client.all<T>(path, query), next: null };
  return client.get<Page<T>>(path, { ...query, limit });
}
