/**
 * Where a relayed tape is fixed to that of its source: trade `sourceId` of the source was given `tradeId` when the venue's tape was `surplus` prints
 * longer than the source's.
 */
export interface TapeAnchor {
  readonly sourceId: number;
  readonly tradeId: number;
  readonly surplus: number;
}

/**
 * The id that a trade of the source has on the venue's tape, `surplus` prints longer by then; without an anchor its own. `null` when the source's
 * tape lies before the anchor, so that it must be another one.
 */
export function tapeIdOf(anchor: TapeAnchor | null, sourceId: number, surplus: number): number | null {
  if (anchor === null) return sourceId;
  if (sourceId < anchor.sourceId) return null;
  return anchor.tradeId + (sourceId - anchor.sourceId) + (surplus - anchor.surplus);
}

/** The first trade of the source that comes after the venue's print `tradeId`. */
export function sourceIdAfter(anchor: TapeAnchor, tradeId: number, surplus: number): number {
  return anchor.sourceId + (tradeId + 1 - anchor.tradeId) - (surplus - anchor.surplus);
}
