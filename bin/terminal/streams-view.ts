import { tableOf } from './output.ts';

/** A stream as the API lists it. */
export interface ListedStream {
  readonly venue: string;
  readonly kind: string;
  readonly symbol: string | null;
  readonly timeframe: string | null;
  readonly status: string;
  readonly receivedAt: string | null;
  readonly messages: number;
  readonly gaps: number;
  readonly reconnects: number;
  readonly lastError: string | null;
}

/** A table of streams, or a line that says why there is none. */
export function streamsView(streams: readonly ListedStream[] | null): string {
  if (streams === null) return 'streams: the API does not answer now\n';
  if (streams.length === 0) return 'streams: none yet\n';
  const rows = streams.map((stream) => [
    stream.venue,
    [stream.kind, stream.symbol, stream.timeframe].filter((part) => part !== null).join(' '),
    stream.status,
    stream.receivedAt?.slice(11, 19) ?? null,
    stream.messages,
    stream.gaps,
    stream.reconnects,
    // Of a stream that lives the last failure is history.
    stream.status === 'live' ? null : stream.lastError,
  ]);
  return tableOf(['venue', 'stream', 'state', 'last (UTC)', 'messages', 'gaps', 'reconnects', 'trouble'], rows);
}
