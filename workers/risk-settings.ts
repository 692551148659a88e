import { ConfigError, type Environment, optional } from '../adapters/config.ts';
import type { RiskSettings } from '../activities/execution/dependencies.ts';
import { isDecimal } from '../domain/market/decimal.ts';

function amount(env: Environment, name: string, fallback: string): string {
  const value = optional(env, name, fallback);
  if (!isDecimal(value) || value.startsWith('-'))
    throw new ConfigError(`${name}="${value}": give a decimal number of at least 0`);
  return value;
}

/** The gate's settings from the environment, with defaults that a person must raise to trade larger or further from the market. */
export function riskSettings(env: Environment): RiskSettings {
  const age = optional(env, 'TRADEWIND_MAX_QUOTE_AGE_MS', '5000');
  if (!/^[1-9]\d{0,6}$/.test(age))
    throw new ConfigError(`TRADEWIND_MAX_QUOTE_AGE_MS="${age}": give whole milliseconds above 0`);
  return {
    feeRate: amount(env, 'TRADEWIND_FEE_RATE', '0.001'),
    gate: {
      collarBps: amount(env, 'TRADEWIND_COLLAR_BPS', '100'),
      maxOrderNotional: amount(env, 'TRADEWIND_MAX_ORDER_NOTIONAL', '250000'),
      maxQuoteAgeMs: Number(age),
    },
  };
}
