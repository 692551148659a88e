/** What a session has reached, for heartbeats and for people. */
export interface StreamReport {
  readonly session: number;
  readonly streams: number;
  readonly live: number;
}

/** All streams of one venue account. */
export interface VenueStreams {
  /**
   * Keeps the streams until `signal` aborts, whatever happens to the venue or the database meanwhile.
   * @throws {StreamsSuperseded} when another process has begun a session of that venue
   */
  run(signal: AbortSignal, report: (report: StreamReport) => void): Promise<void>;
}
