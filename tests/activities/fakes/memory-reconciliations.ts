import type { FillIntake, FillIntakeOutcome } from '../../../adapters/ports/fill-intake.ts';
import type { ChildKey, Intent } from '../../../adapters/ports/order-ledger.ts';
import type {
  BalanceSnapshot,
  NewReconciliation,
  ReconciliationStore,
} from '../../../adapters/ports/reconciliation-store.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import { isUnsettled } from '../../../domain/orders/lifecycle.ts';
import type { VenueOrder } from '../../../domain/orders/order.ts';
import { type AccountTrade, compareTrades, type TradeCut } from '../../../domain/portfolio/account-trade.ts';
import type { FakeClock } from './fake-clock.ts';
import type { MemoryLedger } from './memory-ledger.ts';

const unused = (name: string) => (): Promise<never> =>
  Promise.reject(new Error(`a reconciliation never needs ${name}`));

/** The reconciliation store's and the fill intake's contracts in memory, on the orders and fills of a ledger in memory. */
export class MemoryReconciliations implements ReconciliationStore, FillIntake {
  readonly runs: NewReconciliation[] = [];
  readonly foreign = new Map<string, Fill>();
  readonly alarms: string[] = [];
  /** The client order ids of the orders of foreign trades, as far as they are known. */
  private readonly foreignIds = new Map<string, string | null>();
  foreignOrders: readonly VenueOrder[] = [];
  private readonly ledger: MemoryLedger;
  private readonly clock: FakeClock;
  private readonly seen = new Set<string>();

  constructor(ledger: MemoryLedger, clock: FakeClock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  listReconciliations = unused('listReconciliations');
  listForeignOrders = unused('listForeignOrders');
  listForeignTrades = unused('listForeignTrades');

  lastRuns(_venue: string, farMs: number): Promise<{ startedAt: number | null; farAt: number | null }> {
    const far = this.runs.filter(({ lookedBackMs }) => lookedBackMs >= farMs);
    return Promise.resolve({ startedAt: this.runs.at(-1)?.startedAt ?? null, farAt: far.at(-1)?.startedAt ?? null });
  }

  lastSnapshot(): Promise<BalanceSnapshot | null> {
    return Promise.resolve(this.runs.findLast(({ snapshot }) => snapshot !== null)?.snapshot ?? null);
  }

  tradesAfter(_venue: string, cut: TradeCut): Promise<readonly AccountTrade[]> {
    const all = [...this.ledger.fills.values(), ...this.foreign.values()];
    return Promise.resolve(all.filter((trade) => compareTrades(trade, cut) > 0).sort(compareTrades));
  }

  unknownTrades<Trade extends Pick<Fill, 'tradeId' | 'orderId'>>(
    venue: string,
    symbol: string,
    trades: readonly Trade[],
  ): Promise<readonly Trade[]> {
    const isKnown = (name: string): boolean => this.ledger.fills.has(name) || this.foreignIds.get(name) != null;
    return Promise.resolve(
      trades.filter(({ tradeId, orderId }) => !isKnown(`${venue}|${symbol}|${tradeId}|${orderId}`)),
    );
  }

  ownOrderIds(_venue: string, _symbol: string, orderIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const own = this.ledger.all.filter(({ venueOrderId }) => venueOrderId !== null && orderIds.includes(venueOrderId));
    return Promise.resolve(new Map(own.map(({ venueOrderId, clientOrderId }) => [venueOrderId!, clientOrderId])));
  }

  notPlacedIntents(_venue: string, withinMs: number): Promise<readonly Intent[]> {
    const since = this.clock.now() - withinMs;
    return Promise.resolve(this.ledger.all.filter(({ state, sentAt }) => state === 'not-placed' && sentAt > since));
  }

  noteReappeared(_key: ChildKey, { clientOrderId }: VenueOrder): Promise<boolean> {
    const isNews = !this.seen.has(clientOrderId!);
    this.seen.add(clientOrderId!);
    if (isNews) this.alarms.push(`reappeared ${clientOrderId}`);
    return Promise.resolve(isNews);
  }

  noteOrphan({ clientOrderId }: Intent): Promise<void> {
    this.alarms.push(`orphan ${clientOrderId}`);
    return Promise.resolve();
  }

  saveForeignOrders(_venue: string, orders: readonly VenueOrder[]): Promise<void> {
    this.foreignOrders = orders;
    return Promise.resolve();
  }

  saveReconciliation(run: NewReconciliation): Promise<void> {
    this.runs.push(run);
    return Promise.resolve();
  }

  async acceptStreamFill(
    venue: string,
    fill: Fill,
    clientOrderId: string | null,
    venueOrderId: string,
  ): Promise<FillIntakeOutcome> {
    const intent = this.ledger.all.find(
      (each) => each.clientOrderId === clientOrderId || each.venueOrderId === venueOrderId,
    );
    if (intent === undefined) {
      const name = `${venue}|${fill.symbol}|${fill.tradeId}|${fill.orderId}`;
      this.foreignIds.set(name, clientOrderId ?? this.foreignIds.get(name) ?? null);
      if (this.foreign.has(name)) return 'known';
      this.foreign.set(name, fill);
      return 'foreign';
    }
    this.foreign.delete(`${venue}|${fill.symbol}|${fill.tradeId}|${fill.orderId}`);
    if ((await this.ledger.addLateFills(intent, [fill])) === 0) return 'known';
    return isUnsettled(intent.state) ? 'counted' : 'late';
  }
}
