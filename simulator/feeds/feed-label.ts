import type { FeedConfig } from '../config.ts';

/** Whether the prices of a feed were made up. */
export function isSynthetic(feed: FeedConfig): boolean {
  return feed.kind === 'synthetic' || ((feed.kind === 'candles' || feed.kind === 'relay') && feed.synthetic);
}

/** How fast its time passes; `null` where somebody outside moves it. */
export function speedOf(feed: FeedConfig): number | null {
  if (feed.kind === 'candles') return null;
  return feed.kind === 'recorded' ? feed.speed : 1;
}
