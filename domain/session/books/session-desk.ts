import Big from 'big.js';
import type { SymbolDesk } from '../../backtest/engine/symbol-desk.ts';
import type { OpenTrade } from '../../backtest/engine/open-trade.ts';
import type { ClosedTrade } from '../../backtest/engine/trade-ledger.ts';
import type { WorkingOrder } from '../../backtest/engine/working-order.ts';
import type { BarContext, OnBar } from '../../strategies/strategy.ts';
import type { ExactSteps } from './book-instrument.ts';
import type { OrderSlot } from './order-slot.ts';

/** What an open trade holds, exact, and the orders around it. */
export interface Holding {
  readonly trade: OpenTrade;
  /** In base: bought less fees in base less sold. */
  units: Big;
  /** Whole lots that can be sold for it. */
  lots: number;
  /** `null` where a person has put it into the books. */
  readonly entry: OrderSlot | null;
  stop: OrderSlot | null;
  target: OrderSlot | null;
  /** Its last row in the ledger of closed trades, once a part of it was left. */
  row: ClosedTrade | null;
}

/** One symbol of a session: the engine's desk, and what the venue side knows of it. */
export class SessionDesk {
  readonly desk: SymbolDesk;
  readonly steps: ExactSteps;
  /** First bar at which the strategy is asked. */
  start = 0;
  onBar!: OnBar;
  context!: BarContext;
  /** Of entries and exits of the strategy; those of brackets are with their trades. */
  readonly slots = new Map<WorkingOrder, OrderSlot>();
  readonly holdings = new Map<OpenTrade, Holding>();
  /** The most that an entry may pay, which it was sized with. */
  readonly worst = new WeakMap<WorkingOrder, number>();
  /** Exits that no bar has decided. */
  readonly personal = new Set<WorkingOrder>();
  /** Slots that the last look found wanted. */
  wanted: OrderSlot[] = [];
  /** Units that belong to no trade: what rounding to lots has left. They are sold along with a later trade. */
  dust = new Big(0);

  /** The last row of closed trades of each trade that is over, and of the one that was over last: what their dust brings is theirs. */
  readonly rows = new WeakMap<OpenTrade, ClosedTrade>();
  newestRow: ClosedTrade | null = null;

  constructor(desk: SymbolDesk, steps: ExactSteps) {
    this.desk = desk;
    this.steps = steps;
  }

  get symbol(): string {
    return this.desk.symbol;
  }

  /** Bar in which something happens that lies after the last bar that was handled. */
  get barInProgress(): number {
    return this.desk.bar + 1;
  }

  holdingOf(trade: OpenTrade): Holding {
    const holding = this.holdings.get(trade);
    if (holding === undefined) throw new Error(`a trade of ${this.symbol} is not in the books`);
    return holding;
  }

  /** Sets what a trade holds, where the engine sees it as well. */
  setUnits(holding: Holding, units: Big): void {
    holding.units = units;
    holding.trade.size = Number(units);
    this.desk.sumTrades();
  }

  /** What can be sold for a trade: what it holds, and for the oldest also the dust, so that dust never grows beyond a lot or a least order. */
  sellable({ trade, units }: Holding): Big {
    return trade === this.desk.trades[0] ? units.plus(this.dust) : units;
  }

  /** To be called whenever units have changed. */
  countLots(): void {
    for (const holding of this.holdings.values()) holding.lots = this.steps.lotsIn(this.sellable(holding));
  }

  /** Exact sum over the trades. */
  get units(): Big {
    let total = new Big(0);
    for (const trade of this.desk.trades) total = total.plus(this.holdingOf(trade).units);
    return total;
  }
}
