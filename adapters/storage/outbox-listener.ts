import pg from 'pg';
import type { DurationMs } from '../../domain/market/decimal.ts';

const AGAIN_MS: DurationMs = 1_000;

/**
 * Calls `onEvent` soon after every commit that has written an event, on a connection of its own that is opened again whenever it is lost.
 * A call may come too often and, while the connection is away, not at all: whoever listens asks now and then by itself.
 *
 * @returns the stop function.
 */
export function listenToOutbox(databaseUrl: string, applicationName: string, onEvent: () => void): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | null = null;
  const connect = async (): Promise<void> => {
    const own = new pg.Client({
      connectionString: databaseUrl,
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = own;
    let lost = false;
    const again = (): void => {
      if (lost) return;
      lost = true;
      void own.end().catch(() => undefined);
      if (!stopped) timer = setTimeout(() => void connect(), AGAIN_MS);
    };
    own.on('error', again);
    own.on('end', again);
    own.on('notification', () => onEvent());
    try {
      await own.connect();
      await own.query('listen outbox');
      // What was written before it listened.
      onEvent();
    } catch {
      again();
    }
  };
  void connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
