import Big from 'big.js';
import type {
  ChildKey,
  Intent,
  IntentEnd,
  NewDecision,
  NewIntent,
  OrderLedger,
  OrderTransaction,
} from '../../../adapters/ports/order-ledger.ts';
import type { Clock } from '../../../adapters/ports/clock.ts';
import { type Decimal, type DurationMs, type EpochMs, sumOf, toText } from '../../../domain/market/decimal.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import { agree, canFollow, endStateGiven, isUnsettled } from '../../../domain/orders/lifecycle.ts';
import type { Halt } from '../../../domain/risk/gate-input.ts';

const nameOf = ({ executionId, child, attempt }: ChildKey): string => `${executionId}|${child}|${attempt}`;

interface StoredIntent extends Intent {
  readonly reserve: NewIntent['reserve'];
}

/** The order ledger's contract in memory: transactions, lifecycle and unique fills as in the database. */
export class MemoryLedger implements OrderLedger {
  readonly decisions = new Map<string, NewDecision>();
  readonly fills = new Map<string, Fill & { readonly clientOrderId: string }>();
  halts: readonly Halt[] = [];
  /** Number of the latest amendment of the one execution in here. */
  amendment = 0;
  /** What the session of the one execution in here holds; `null` of one that belongs to none. */
  held: Decimal | null = null;
  private readonly intents = new Map<string, StoredIntent>();
  private readonly endedAt = new Map<string, EpochMs>();
  private readonly acknowledgedAt = new Map<string, EpochMs>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get all(): readonly Intent[] {
    return [...this.intents.values()].map((intent) => this.shown(intent));
  }

  position(executionId: string): Promise<{ readonly filled: string; readonly open: string }> {
    const own = this.all.filter((intent) => intent.executionId === executionId);
    return Promise.resolve({
      filled: sumOf(own.map(({ filled }) => filled)),
      open: sumOf(
        own
          .filter(({ state }) => isUnsettled(state))
          .map(({ quantity, filled }) => toText(new Big(quantity).minus(filled))),
      ),
    });
  }

  findIntent(key: ChildKey): Promise<Intent | null> {
    const intent = this.intents.get(nameOf(key));
    return Promise.resolve(intent === undefined ? null : this.shown(intent));
  }

  findIntentByClientOrderId(clientOrderId: string): Promise<Intent | null> {
    return Promise.resolve(this.all.find((intent) => intent.clientOrderId === clientOrderId) ?? null);
  }

  unsettledIntents(venue: string): Promise<readonly Intent[]> {
    return Promise.resolve(this.all.filter((intent) => intent.venue === venue && isUnsettled(intent.state)));
  }

  async orderTransaction<T>(venue: string, work: (transaction: OrderTransaction) => Promise<T>): Promise<T> {
    const decisions: NewDecision[] = [];
    const intents: NewIntent[] = [];
    const result = await work({
      findDecision: (key) => Promise.resolve(this.decisions.get(nameOf(key)) ?? null),
      position: (executionId) => this.position(executionId),
      amendmentNumber: () => Promise.resolve(this.amendment),
      reducible: () => Promise.resolve(this.held),
      gateFacts: (now, balancesAgeMs) =>
        Promise.resolve({
          halts: this.halts,
          ...this.reserves(venue, balancesAgeMs),
          openNotional: this.openNotional(venue),
          recentOrders: {
            last10s: this.sentAfter(venue, now - 10_000),
            lastMinute: this.sentAfter(venue, now - 60_000),
          },
        }),
      recordDecision: (decision) => Promise.resolve(void decisions.push(decision)),
      insertIntent: (intent) => Promise.resolve(void intents.push(intent)),
    });
    for (const intent of intents)
      if (this.intents.has(nameOf(intent))) throw new Error(`duplicate key ${nameOf(intent)}`);
    for (const decision of decisions) this.decisions.set(nameOf(decision), decision);
    for (const intent of intents)
      this.intents.set(nameOf(intent), {
        ...intent,
        state: 'sending',
        filled: '0',
        venueOrderId: null,
        problem: null,
        retryable: true,
      });
    return result;
  }

  markWorking(key: ChildKey, venueOrderId: string): Promise<void> {
    const intent = this.intents.get(nameOf(key));
    if (intent?.state === 'sending') {
      this.intents.set(nameOf(key), { ...intent, state: 'working', venueOrderId });
      this.acknowledgedAt.set(nameOf(key), this.clock.now());
    }
    return Promise.resolve();
  }

  endIntent(key: ChildKey, end: IntentEnd): Promise<void> {
    const intent = this.intents.get(nameOf(key));
    if (intent === undefined) return Promise.reject(new Error(`there is no order intent ${nameOf(key)}`));
    const filled = (): string => this.shown(intent).filled;
    const conflict = new Error(`${nameOf(key)} is ${intent.state} and cannot become ${end.state}`);
    if (!isUnsettled(intent.state)) {
      if (!agree(intent.state, end.state)) return Promise.reject(conflict);
      this.store(intent, end.fills);
      return Promise.resolve();
    }
    if (!canFollow(intent.state, end.state)) return Promise.reject(conflict);
    this.store(intent, end.fills);
    this.endedAt.set(nameOf(key), this.clock.now());
    this.intents.set(nameOf(key), {
      ...intent,
      state: endStateGiven(end.state, intent.quantity, filled()),
      venueOrderId: end.venueOrderId ?? intent.venueOrderId,
      problem: end.problem,
      retryable: end.retryable ?? true,
    });
    return Promise.resolve();
  }

  filledOf(clientOrderIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const own = this.all.filter(({ clientOrderId }) => clientOrderIds.includes(clientOrderId));
    return Promise.resolve(new Map(own.map(({ clientOrderId, filled }) => [clientOrderId, filled])));
  }

  addLateFills(intent: Intent, fills: readonly Fill[]): Promise<number> {
    const added = this.store(intent, fills);
    if (added > 0) void this.markWorking(intent, fills[0]!.orderId);
    return Promise.resolve(added);
  }

  recentSymbols(venue: string): Promise<readonly string[]> {
    return Promise.resolve([
      ...new Set(this.all.filter((intent) => intent.venue === venue).map(({ symbol }) => symbol)),
    ]);
  }

  private shown(stored: StoredIntent): Intent {
    const { reserve, ...intent } = stored;
    if (reserve.amount === '0') throw new Error(`${nameOf(intent)} reserves nothing`);
    const own = [...this.fills.values()].filter(({ clientOrderId }) => clientOrderId === intent.clientOrderId);
    return { ...intent, filled: sumOf(own.map(({ quantity }) => quantity)) };
  }

  private reserves(
    venue: string,
    balancesAgeMs: DurationMs,
  ): { readonly reserved: Record<string, string>; readonly resting: Record<string, string> } {
    const asked = this.clock.now() - balancesAgeMs;
    const rests = (intent: Intent): boolean =>
      intent.state === 'working' && (this.acknowledgedAt.get(nameOf(intent)) ?? asked) < asked;
    const isHeld = (intent: Intent): boolean =>
      isUnsettled(intent.state) || (balancesAgeMs > 0 && (this.endedAt.get(nameOf(intent)) ?? 0) >= asked);
    const amounts = { reserved: {} as Record<string, string>, resting: {} as Record<string, string> };
    for (const stored of this.intents.values()) {
      if (stored.venue !== venue || !isHeld(stored)) continue;
      const { asset, amount } = stored.reserve;
      const left = new Big(stored.quantity).minus(this.shown(stored).filled).div(stored.quantity);
      const part = rests(stored) ? amounts.resting : amounts.reserved;
      part[asset] = sumOf([part[asset] ?? '0', rests(stored) ? toText(left.times(amount)) : amount]);
    }
    return amounts;
  }

  private openNotional(venue: string): Record<string, string> {
    const open = this.all.filter((intent) => intent.venue === venue && isUnsettled(intent.state));
    const worth = open.map(({ price, quantity, filled }) => toText(new Big(quantity).minus(filled).times(price)));
    return { USDT: sumOf(worth) };
  }

  private sentAfter(venue: string, instant: number): number {
    return this.all.filter((intent) => intent.venue === venue && intent.sentAt > instant).length;
  }

  private store(intent: Intent, fills: readonly Fill[]): number {
    let added = 0;
    for (const fill of fills) {
      const name = `${intent.venue}|${fill.symbol}|${fill.tradeId}|${fill.orderId}`;
      if (this.fills.has(name)) continue;
      this.fills.set(name, { ...fill, clientOrderId: intent.clientOrderId });
      added += 1;
    }
    return added;
  }
}
