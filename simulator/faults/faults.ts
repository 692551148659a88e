import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';

export const FAULT_ENDPOINTS = [
  'order.create',
  'order.cancel',
  'order.fetch',
  'orders.open',
  'orders.all',
  'trades.mine',
  'account',
  'book',
  'stream',
  'stream.public',
  'stream.user',
] as const;
export type FaultEndpoint = (typeof FAULT_ENDPOINTS)[number];

export const FAULT_KINDS = [
  'delay',
  'drop-before',
  'drop-after',
  'http-5xx',
  'forget',
  'rate-limit',
  'ban',
  'clock',
  'timeout',
  'reject',
  'partial-fill',
  'freeze',
  'wrong-clock',
  'cut',
  'silence',
  'skip',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault as somebody sets it. */
export interface FaultSpec {
  readonly endpoint: FaultEndpoint | '*';
  readonly kind: FaultKind;
  /** Length of the time window; for `forget` also how long each order stays hidden. `null`: no window. */
  readonly forMs: DurationMs | null;
  /** How many requests it strikes; `null`: all. */
  readonly count: number | null;
  /** Chance that it strikes a request, 0 to 1. */
  readonly probability: number;
  /** For `delay`: how long; for `wrong-clock`: venue clock minus true time, which may be negative. */
  readonly delayMs: DurationMs | null;
  /** Whether a `delay` comes before the request is processed or after. */
  readonly phase: 'before' | 'after';
  /** For `rate-limit` and `ban`: how long the venue asks to be left alone. */
  readonly retryAfterMs: DurationMs;
  /** For `timeout`: whether the request is processed all the same. */
  readonly accept: boolean;
  /** For `partial-fill`: the share of an order that may trade, 0 to below 1. */
  readonly fraction: number;
}

/** A fault that is set, and how often it has struck. */
export interface ActiveFault extends FaultSpec {
  readonly id: string;
  readonly setAt: EpochMs;
  readonly struck: number;
}

/** What befalls one request. */
export type FaultStroke =
  | { readonly kind: 'delay'; readonly delayMs: DurationMs; readonly phase: 'before' | 'after' }
  | { readonly kind: 'rate-limit' | 'ban'; readonly retryAfterMs: DurationMs }
  | { readonly kind: 'timeout'; readonly accept: boolean }
  | { readonly kind: 'partial-fill'; readonly fraction: number }
  /** Held for this long, unless the faults are cleared before. */
  | { readonly kind: 'freeze'; readonly leftMs: DurationMs }
  | { readonly kind: 'drop-before' | 'drop-after' | 'http-5xx' | 'clock' | 'reject' };

interface FaultEntry extends FaultSpec {
  readonly id: string;
  readonly setAt: EpochMs;
  struck: number;
}

/** How many faults that are over can still be asked about. */
const PAST_KEPT = 1_000;

/** Look-ups that a forgetful venue answers as if the order had never been. */
export const LOOK_UPS: readonly FaultEndpoint[] = ['order.fetch', 'orders.open', 'orders.all', 'trades.mine'];

/**
 * The faults of one venue. Chances come from a seeded generator, so the same requests meet the same faults. Faults live in memory: a restarted venue has none.
 */
export class Faults {
  readonly #random: ReturnType<typeof xoroshiro128plus>;
  readonly #entries = new Map<string, FaultEntry>();
  /** The latest of those that can strike no more. */
  readonly #past: ActiveFault[] = [];
  /** Until when an order is hidden from a look-up. */
  readonly #hidden = new Map<FaultEndpoint, Map<number, EpochMs>>();
  #lastId = 0;

  constructor(seed: number) {
    this.#random = xoroshiro128plus(seed);
  }

  set(spec: FaultSpec, now: EpochMs): string {
    this.#lastId += 1;
    const id = `fault-${this.#lastId}`;
    this.#entries.set(id, { ...spec, id, setAt: now, struck: 0 });
    return id;
  }

  /** Takes back all faults; hidden orders are visible again. */
  clear(): void {
    for (const id of this.#entries.keys()) this.#retire(id);
    this.#hidden.clear();
  }

  /** The faults that can still strike. */
  active(now: EpochMs): readonly ActiveFault[] {
    for (const [id, entry] of this.#entries) if (!isLive(entry, now)) this.#retire(id);
    return [...this.#entries.values()].map((entry) => ({ ...entry }));
  }

  /** The latest faults that can strike no more: used up, over or taken back. */
  past(now: EpochMs): readonly ActiveFault[] {
    this.active(now);
    return [...this.#past];
  }

  /**
   * Everything that strikes a request to `endpoint` now, in the order in which the faults were set. A request that is not `signed` carries
   * no time, so nothing can be wrong with it.
   */
  strike(endpoint: FaultEndpoint | null, now: EpochMs, signed = true): readonly FaultStroke[] {
    const strokes: FaultStroke[] = [];
    for (const entry of this.#entries.values()) {
      if (!(entry.endpoint === '*' || entry.endpoint === endpoint)) continue;
      if (entry.kind === 'clock' && !signed) continue;
      // It does nothing to the request itself: what is signed is held against the wrong clock, or reads it.
      if (entry.kind === 'wrong-clock' && isLive(entry, now)) entry.struck += 1;
      const stroke = strokeOf(entry, now);
      if (stroke !== null && this.#hits(entry, now)) strokes.push(stroke);
    }
    return strokes;
  }

  /** Venue clock minus true time, in ms: 0 unless a `wrong-clock` is set. The last one set counts. */
  clockSkewMs(now: EpochMs): DurationMs {
    const wrong = [...this.#entries.values()].findLast((entry) => entry.kind === 'wrong-clock' && isLive(entry, now));
    return wrong?.delayMs ?? 0;
  }

  /**
   * Whether a fault of that kind strikes at one of `endpoints` now. With `met` each fault has one chance only and is noted there: a second
   * look at the same thing is no second chance.
   */
  strikes(kind: FaultKind, endpoints: readonly FaultEndpoint[], now: EpochMs, met?: Set<string>): boolean {
    for (const entry of this.#entries.values()) {
      if (entry.kind !== kind || !endpoints.some((endpoint) => endpoint === entry.endpoint)) continue;
      if (met?.has(entry.id) === true || !isLive(entry, now)) continue;
      met?.add(entry.id);
      if (this.#hits(entry, now)) return true;
    }
    return false;
  }

  /** Whether the whole venue stands frozen, not only some of its requests. */
  frozen(now: EpochMs): boolean {
    return [...this.#entries.values()].some((entry) => {
      return entry.kind === 'freeze' && entry.endpoint === '*' && entry.count === null && isLive(entry, now);
    });
  }

  /** To be told of each accepted order: hides it where a `forget` is set. */
  accepted(orderId: number, now: EpochMs): void {
    for (const entry of this.#entries.values()) {
      if (entry.kind !== 'forget' || !this.#hits(entry, now)) continue;
      const lookUps = LOOK_UPS.filter((lookUp) => lookUp === entry.endpoint);
      for (const lookUp of lookUps.length > 0 ? lookUps : LOOK_UPS) {
        const hidden = this.#hidden.get(lookUp) ?? new Map<number, EpochMs>();
        hidden.set(orderId, Math.max(hidden.get(orderId) ?? 0, now + (entry.forMs ?? 0)));
        this.#hidden.set(lookUp, hidden);
      }
    }
  }

  /** Whether `lookUp` must answer as if the order had never been. */
  hides(lookUp: FaultEndpoint, orderId: number, now: EpochMs): boolean {
    const until = this.#hidden.get(lookUp)?.get(orderId);
    return until !== undefined && now < until;
  }

  #retire(id: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.#past.push({ ...entry });
    this.#entries.delete(id);
    if (this.#past.length > PAST_KEPT) this.#past.shift();
  }

  #hits(entry: FaultEntry, now: EpochMs): boolean {
    if (!isLive(entry, now)) return false;
    if (entry.probability < 1 && uniformFloat64(this.#random) >= entry.probability) return false;
    entry.struck += 1;
    return true;
  }
}

/** How long a frozen request is held that no window ends: longer than anybody asks. */
const FROZEN_MS = 86_400_000;

/** What a fault does to a request that it strikes; `null` for one that works in another way. */
function strokeOf(entry: FaultEntry, now: EpochMs): FaultStroke | null {
  const { kind } = entry;
  switch (kind) {
    case 'forget':
    case 'wrong-clock':
    case 'cut':
    case 'silence':
    case 'skip':
      return null;
    case 'delay':
      return { kind, delayMs: entry.delayMs ?? 0, phase: entry.phase };
    case 'rate-limit':
    case 'ban':
      return { kind, retryAfterMs: entry.retryAfterMs };
    case 'timeout':
      return { kind, accept: entry.accept };
    case 'partial-fill':
      return { kind, fraction: entry.fraction };
    case 'freeze':
      return { kind, leftMs: entry.forMs === null ? FROZEN_MS : Math.max(1, entry.setAt + entry.forMs - now) };
    case 'drop-before':
    case 'drop-after':
    case 'http-5xx':
    case 'clock':
    case 'reject':
      return { kind };
    default:
      return kind satisfies never;
  }
}

/** A counted `forget` waits for its orders however long that takes: its `forMs` is the time that each stays hidden. */
function isLive(entry: FaultEntry, now: EpochMs): boolean {
  if (entry.count !== null && entry.struck >= entry.count) return false;
  const hasWindow = entry.forMs !== null && !(entry.kind === 'forget' && entry.count !== null);
  return !hasWindow || now < entry.setAt + (entry.forMs ?? 0);
}
