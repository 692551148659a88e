import { describe, expect, it } from '@jest/globals';
import { sourceIdAfter, tapeIdOf } from '../../../../simulator/feeds/relay/tape-anchor.ts';

describe('the tape of a relay beside that of its source', () => {
  // Trade 100 of the source was print 500 here, when 3 prints of ours were on the tape.
  const anchor = { sourceId: 100, tradeId: 500, surplus: 3 };

  it('has the ids of the source until it is fixed', () => {
    expect(tapeIdOf(null, 77, 0)).toBe(77);
  });

  it('runs ahead by what was printed here alone', () => {
    expect(tapeIdOf(anchor, 100, 3)).toBe(500);
    // 20 trades of the source and 2 more prints of ours later.
    expect(tapeIdOf(anchor, 120, 5)).toBe(522);
    expect(sourceIdAfter(anchor, 521, 5)).toBe(120);
  });

  it('knows nothing of a tape that lies before', () => {
    expect(tapeIdOf(anchor, 99, 3)).toBeNull();
  });
});
