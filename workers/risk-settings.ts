import { ConfigError, type Environment, optional } from '../adapters/config.ts';
import type { RiskSettings } from '../activities/execution/dependencies.ts';
import { decimal, isDecimal } from '../domain/market/decimal.ts';

/** A unified symbol, such as `BTC/USDT` or `BTC/USDT:USDT`. */
const SYMBOL = /^[A-Za-z0-9.$_-]+\/[A-Za-z0-9.$_-]+(:[A-Za-z0-9.$_-]+)?$/;

function amount(env: Environment, name: string, fallback: string): string {
  const value = optional(env, name, fallback);
  if (!isDecimal(value) || value.startsWith('-'))
    throw new ConfigError(`${name}="${value}": give a decimal number of at least 0`);
  return value;
}

function whole(env: Environment, name: string, fallback: string, unit: string): number {
  const value = optional(env, name, fallback);
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new ConfigError(`${name}="${value}": give whole ${unit} above 0`);
  return Number(value);
}

function symbols(env: Environment, name: string): readonly string[] | 'all' {
  const value = optional(env, name, '*').trim();
  if (value === '*') return 'all';
  const listed = value.split(',').map((symbol) => symbol.trim());
  const wrong = listed.find((symbol) => !SYMBOL.test(symbol));
  if (wrong !== undefined)
    throw new ConfigError(`${name}: "${wrong}" is no symbol; give symbols such as BTC/USDT with commas between, or *`);
  return listed;
}

function rates(env: Environment, name: string): Readonly<Record<string, string>> {
  const value = optional(env, name, 'USDT=1,USDC=1,USD=1,FDUSD=1');
  const pairs = value.split(',').map((text) => text.trim().split('='));
  const found: Record<string, string> = {};
  for (const [quote = '', rate = '', ...more] of pairs) {
    const isRate = /^[A-Za-z0-9.$_-]+$/.test(quote) && isDecimal(rate) && decimal(rate).gt(0) && more.length === 0;
    if (!isRate || Object.hasOwn(found, quote))
      throw new ConfigError(
        `${name}="${value}": give each quote currency once with what one unit of it counts, above 0, such as USDT=1,BTC=100000`,
      );
    found[quote] = rate;
  }
  return found;
}

/** The gate's settings from the environment, with defaults that a person must raise to trade larger, faster or further from the market. */
export function riskSettings(env: Environment): RiskSettings {
  return {
    feeRate: amount(env, 'TRADEWIND_FEE_RATE', '0.001'),
    gate: {
      quoteRates: rates(env, 'TRADEWIND_QUOTE_RATES'),
      collarBps: amount(env, 'TRADEWIND_COLLAR_BPS', '100'),
      maxOrderNotional: amount(env, 'TRADEWIND_MAX_ORDER_NOTIONAL', '250000'),
      maxQuoteAgeMs: whole(env, 'TRADEWIND_MAX_QUOTE_AGE_MS', '5000', 'milliseconds'),
      maxOpenNotional: amount(env, 'TRADEWIND_MAX_OPEN_NOTIONAL', '1000000'),
      allowedSymbols: symbols(env, 'TRADEWIND_ALLOWED_SYMBOLS'),
      maxOrdersPer10s: whole(env, 'TRADEWIND_MAX_ORDERS_PER_10S', '200', 'orders'),
      maxOrdersPerMinute: whole(env, 'TRADEWIND_MAX_ORDERS_PER_MINUTE', '1000', 'orders'),
    },
  };
}
