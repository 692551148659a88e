import type { Intent } from '../../adapters/ports/order-ledger.ts';
import type { VenueAccount } from '../../adapters/ports/venue.ts';
import type { Decimal, DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { OrderMode } from '../../domain/orders/order.ts';
import { lookUpPause } from './backoff.ts';
import type { AccountDependencies } from './dependencies.ts';

/**
 * All orders of an account that wait share five look-ups a second: on Binance 20 of 100 weight, so that the orders that take have the
 * rest.
 */
const SHARE_MS: DurationMs = 200;
/** An order at the touch is asked about at least so often while it waits alone. */
const AT_THE_TOUCH_MS: DurationMs = 2_000;
/** An order that may wait for months is asked about so often while no stream tells anything of it. */
const AT_ITS_PRICE_MS: DurationMs = 30_000;
/** How long one look at what we know ourselves serves all orders that wait: somewhat less than they pause, so that each pause ends with news. */
const NEWS_AGE_MS: DurationMs = 150;

/** What we know ourselves of an order that waits. */
interface RestingNews {
  /** Nobody wants it to trade any more. */
  readonly wantedBack: boolean;
  /** What is stored of its trades, in base. */
  readonly filled: Decimal;
}

/** The orders of one account that wait, and the last look at what we know of them: one for all, since each pauses but a fifth of a second. */
class Board {
  /** Orders of which nothing is to be known, only that they wait, are counted alone. */
  count = 0;
  readonly orders = new Map<string, Intent>();
  private look: { readonly at: EpochMs; readonly of: Set<string>; readonly news: Promise<News> } | null = null;

  async newsOf(deps: AccountDependencies, { clientOrderId }: Intent): Promise<RestingNews> {
    const now = deps.clock.now();
    const { look } = this;
    const isFresh = look !== null && look.of.has(clientOrderId) && Math.abs(now - look.at) < NEWS_AGE_MS;
    const news = isFresh ? look.news : this.lookAgain(deps, now);
    const { wantedBack, filled } = await news;
    return { wantedBack: wantedBack.has(clientOrderId), filled: filled.get(clientOrderId) ?? '0' };
  }

  /** What was looked up for whoever had this order serves nobody who has it next. */
  forget(intent: Intent): void {
    if (this.orders.get(intent.clientOrderId) !== intent) return;
    this.orders.delete(intent.clientOrderId);
    this.look?.of.delete(intent.clientOrderId);
  }

  private lookAgain({ store, ledger }: AccountDependencies, at: EpochMs): Promise<News> {
    const orders = [...this.orders.values()];
    const ids = orders.map(({ clientOrderId }) => clientOrderId);
    const news = Promise.all([store.wantedBack(orders), ledger.filledOf(ids)]).then(([wantedBack, filled]) => ({
      wantedBack,
      filled,
    }));
    this.look = { at, of: new Set(ids), news };
    // One that failed serves nobody but those who wait for it now.
    news.catch(() => (this.look = null));
    return news;
  }
}

interface News {
  readonly wantedBack: ReadonlySet<string>;
  readonly filled: ReadonlyMap<string, Decimal>;
}

const boards = new WeakMap<VenueAccount, Board>();

function boardOf(account: VenueAccount): Board {
  const board = boards.get(account) ?? new Board();
  boards.set(account, board);
  return board;
}

/** An order that waits. */
export interface RestingOrder {
  news(deps: AccountDependencies): Promise<RestingNews>;
  /** To be called once, when it waits no longer. */
  end(): void;
}

/** Counts one more order of the account that waits, until it ends. */
export function beginRest(account: VenueAccount, intent: Intent | null): RestingOrder {
  const board = boardOf(account);
  board.count += 1;
  if (intent !== null) board.orders.set(intent.clientOrderId, intent);
  return {
    news: (deps) =>
      intent === null ? Promise.resolve({ wantedBack: false, filled: '0' }) : board.newsOf(deps, intent),
    end: () => {
      board.count -= 1;
      if (intent !== null) board.forget(intent);
    },
  };
}

/**
 * How often the venue is asked about an order of the account that waits, while nothing tells that it has traded: one at the touch in its turn, since it
 * soon has to cross; one at a price of its own seldom.
 *
 * @param looks how often it has been asked about so far: most of what happens to an order at the touch happens at once.
 */
export function restingLookUpMs(account: VenueAccount, mode: OrderMode, looks: number): DurationMs {
  const turn = SHARE_MS * boardOf(account).count;
  return Math.max(turn, mode === 'post-only' ? Math.min(AT_THE_TOUCH_MS, lookUpPause(looks)) : AT_ITS_PRICE_MS);
}
