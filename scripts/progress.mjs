const TICK_MS = 5_000;

/** Seconds with one decimal, for people. */
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Writes one line for people to stderr, so that stdout stays free for results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs `work` and shows on stderr that it goes on: a line at the start, the elapsed time every few seconds, a line at the end.
 * Rethrows what `work` throws, after a line that says how long it took to fail.
 */
export async function withProgress(title, work) {
  const startedAt = performance.now();
  const elapsed = () => seconds(performance.now() - startedAt);
  say(`tradewind: ${title} …`);
  const ticker = setInterval(() => say(`tradewind: ${title} … ${elapsed()}`), TICK_MS);
  try {
    const result = await work();
    say(`tradewind: ${title}: done in ${elapsed()}`);
    return result;
  } catch (error) {
    say(`tradewind: ${title}: failed after ${elapsed()}`);
    throw error;
  } finally {
    clearInterval(ticker);
  }
}
