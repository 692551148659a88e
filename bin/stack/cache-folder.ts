import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where downloaded programs are kept for all homes of this user: `TRADEWIND_CACHE`, else `tradewind` in `XDG_CACHE_HOME` or
 * `~/.cache`. Everything in it can be deleted at any time.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['TRADEWIND_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tradewind');
}
