import Big from 'big.js';
import { until } from './rig-until.ts';
import type { TestStack } from './stack.ts';

/** A cross of two short averages on bars of five seconds: it trades every few bars on the synthetic venue. */
export const QUICK_SESSION = {
  name: 'quick cross',
  venue: 'sim',
  symbols: ['BTC/USDT'],
  timeframe: '5s',
  strategy: { id: 'sma-cross', params: { fast: 2, slow: 3, stopLoss: 0.05 } },
  sizing: { kind: 'units', value: 0.01 },
  capital: '10000',
} as const;

// oxlint-disable-next-line typescript/no-explicit-any -- a test reads fields and checks them
type View = any;

export interface LedgerOrder {
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly side: 'buy' | 'sell';
  readonly status: string;
  readonly stopPrice: string | null;
  readonly quantity: string;
  readonly filled: string;
}

/** A session on a stack of a test, as its users see it. */
export class LiveSession {
  readonly id: string;
  readonly #stack: TestStack;

  private constructor(stack: TestStack, id: string) {
    this.#stack = stack;
    this.id = id;
  }

  /** Starts one, once the account can be used. */
  static async start(stack: TestStack, spec: object = QUICK_SESSION): Promise<LiveSession> {
    const id = await until(
      'a session to be accepted',
      async () => {
        const { status, body } = await stack.call('POST', '/v1/sessions', spec);
        if (status === 201) return body.id as string;
        // A stack that has just come up does not know its account yet.
        if (status < 500 && body.code !== 'ACCOUNT_NOT_READY') throw new Error(`refused: ${JSON.stringify(body)}`);
        return null;
      },
      90_000,
    );
    return new LiveSession(stack, id);
  }

  async view(): Promise<View> {
    return (await this.#stack.call('GET', `/v1/sessions/${this.id}`)).body;
  }

  async list(what: 'decisions' | 'orders' | 'trades' | 'journal' | 'equity'): Promise<readonly View[]> {
    const items: View[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/v1/sessions/${this.id}/${what}?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body } = await this.#stack.call('GET', path);
      items.push(...body.items);
      cursor = body.next ?? null;
    }
    return items;
  }

  async command(name: 'pause' | 'resume' | 'stop' | 'amend', body: object): Promise<void> {
    const answer = await this.#stack.call('POST', `/v1/sessions/${this.id}/${name}`, body);
    if (answer.status !== 200) throw new Error(`${name} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  /** Waits until the session is so. */
  when(what: string, holds: (view: View) => boolean, patienceMs = 120_000): Promise<View> {
    return until(
      `session ${this.id} ${what}`,
      async () => {
        const view = await this.view();
        return holds(view) ? view : null;
      },
      patienceMs,
    );
  }

  /** What the venue itself has written down. */
  async ledger(): Promise<{ readonly orders: readonly LedgerOrder[]; readonly fills: readonly View[] }> {
    const venue = this.#stack.record().venues.find(({ id }) => id === 'sim');
    if (venue?.admin === undefined) throw new Error('the stack simulates no venue "sim"');
    return (await (await fetch(`${venue.admin}/ledger`)).json()) as never;
  }

  /** Units that the venue's ledger says are held: bought less fees in base less sold. */
  async heldAtVenue(): Promise<string> {
    let units = new Big(0);
    for (const { side, quantity, fee, feeAsset } of (await this.ledger()).fills) {
      units = side === 'buy' ? units.plus(quantity) : units.minus(quantity);
      if (feeAsset === 'BTC') units = units.minus(fee);
    }
    return units.toFixed();
  }
}
