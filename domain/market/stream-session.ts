/** What the workflow of a venue's streams asks of the market-data worker. */
export interface StreamActivities {
  /**
   * Keeps all streams of a venue account for the length of a session and returns when it is over. Begun anew, by any worker, it goes on
   * where the last one stopped: what was missed is read from the venue's history.
   */
  watchVenue(command: { readonly venue: string; readonly sessionMs: number }): Promise<void>;
}
