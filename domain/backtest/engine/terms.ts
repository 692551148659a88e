import type { BrokerSettings } from '../settings.ts';

const BPS = 10_000;

/** The broker's settings as the numbers that fills are computed with. */
export class BrokerTerms {
  readonly leverage: number;
  readonly fillAtClose: boolean;
  readonly exclusive: boolean;
  readonly wholeUnits: boolean;
  readonly allowsLong: boolean;
  readonly allowsShort: boolean;
  readonly maker: number;
  readonly taker: number;
  readonly fixed: number;
  readonly spread: number;
  /** Ratio of the price. */
  readonly slippage: number;
  readonly impact: number;
  /** Infinity for no limit. */
  readonly volumeShare: number;

  constructor(settings: BrokerSettings) {
    this.leverage = 1 / settings.margin;
    this.fillAtClose = settings.fill === 'close';
    this.exclusive = settings.exclusive;
    this.wholeUnits = settings.wholeUnits;
    this.allowsLong = settings.direction !== 'short';
    this.allowsShort = settings.direction !== 'long';
    this.maker = settings.commission.maker;
    this.taker = settings.commission.taker;
    this.fixed = settings.commission.fixed;
    this.spread = settings.spread;
    this.slippage = settings.slippageBps / BPS;
    this.impact = settings.priceImpact;
    this.volumeShare = settings.volumeShare ?? Number.POSITIVE_INFINITY;
  }

  /** Price of a market or stop fill: worse than `price` by the slippage. */
  slipped(side: 1 | -1, price: number): number {
    return price * (1 + side * this.slippage);
  }

  /** Price of an entry: dearer by the spread. */
  withSpread(side: 1 | -1, price: number): number {
    return price * (1 + side * this.spread);
  }

  /** How much a market or stop fill of `units` moves its own price, as a ratio; a bar without volume is taken whole. */
  impactOf(units: number, volume: number): number {
    if (this.impact === 0) return 0;
    const share = volume > 0 ? Math.min(1, units / volume) : 1;
    return this.impact * share * share;
  }
}
