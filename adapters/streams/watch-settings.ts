import { ConfigError, type Environment, optional } from '../config.ts';
import type { ConfiguredWatch } from '../storage/watch-list.ts';
import { isTimeframe } from '../../domain/market/timeframe.ts';

const ENTRY = /^([a-z0-9][a-z0-9-]{0,39}):([A-Z0-9]{1,20}\/[A-Z0-9]{1,20})(?:@(.+))?$/;

/**
 * Symbols to watch without an execution: `TRADEWIND_WATCH`, a list such as `sim:BTC/USDT,sim:ETH/USDT@5m`.
 * @throws {ConfigError} naming the entry that cannot be used
 */
export function watchSettings(env: Environment): readonly ConfiguredWatch[] {
  const entries = optional(env, 'TRADEWIND_WATCH', '').split(',');
  return entries
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [, venue, symbol, timeframe] = ENTRY.exec(entry) ?? [];
      if (venue === undefined || symbol === undefined || (timeframe !== undefined && !isTimeframe(timeframe))) {
        throw new ConfigError(
          `TRADEWIND_WATCH has the entry "${entry}": write venue:SYMBOL or venue:SYMBOL@timeframe, for example sim:BTC/USDT@5m`,
        );
      }
      return { venue, symbol, timeframe: timeframe ?? null };
    });
}
