import { describe, expect, it } from '@jest/globals';
import { parseFaultSpec } from '../../../simulator/faults/fault-spec.ts';
import { FieldError } from '../../../simulator/field-error.ts';
import { Faults } from '../../../simulator/faults/faults.ts';
import { StreamFaults } from '../../../simulator/faults/stream-faults.ts';

const faultsWith = (...bodies: readonly Readonly<Record<string, unknown>>[]) => {
  const faults = new Faults(1);
  for (const body of bodies) faults.set(parseFaultSpec(body), 0);
  return { faults, streams: new StreamFaults(faults) };
};

describe('faults of streams', () => {
  it('strike where they are set: one side, or both', () => {
    const { streams } = faultsWith({ endpoint: 'stream.user', kind: 'silence' });
    expect(streams.silences('stream.user', 1)).toBe(true);
    expect(streams.silences('stream.public', 1)).toBe(false);
    const { streams: both } = faultsWith({ endpoint: 'stream', kind: 'skip' });
    expect(both.skips('stream.user', 1)).toBe(true);
    expect(both.skips('stream.public', 1)).toBe(true);
    expect(both.silences('stream.public', 1)).toBe(false);
  });

  it('end with their window, and with their count', () => {
    const { streams } = faultsWith({ endpoint: 'stream', kind: 'silence', forMs: 1_000 });
    expect(streams.silences('stream.public', 999)).toBe(true);
    expect(streams.silences('stream.public', 1_000)).toBe(false);
    const { streams: counted, faults } = faultsWith({ endpoint: 'stream', kind: 'skip', count: 2 });
    expect([1, 2, 3].map((now) => counted.skips('stream.public', now))).toEqual([true, true, false]);
    expect(faults.active(3)).toEqual([]);
  });

  it('try each connection once with their chance, however often it is looked at', () => {
    const { streams, faults } = faultsWith({ endpoint: 'stream.public', kind: 'cut', probability: 0.3 });
    let cut = 0;
    for (let connection = 0; connection < 1_000; connection += 1) {
      const met = new Set<string>();
      const looks = [1, 2, 3, 4, 5].map((now) => streams.cuts('stream.public', met, now));
      if (looks.includes(true)) cut += 1;
      expect(looks.slice(1)).toEqual([false, false, false, false]);
    }
    // 300 expected, with a standard deviation of 14.5: four of them on each side.
    expect(cut).toBeGreaterThan(242);
    expect(cut).toBeLessThan(358);
    expect(faults.active(5)[0]?.struck).toBe(cut);
  });

  it('cut as many connections as they count', () => {
    const { streams } = faultsWith({ endpoint: 'stream', kind: 'cut', count: 1 });
    expect(streams.cuts('stream.user', new Set(), 1)).toBe(true);
    expect(streams.cuts('stream.public', new Set(), 1)).toBe(false);
  });

  it('leave requests alone, and faults of requests leave streams alone', () => {
    const { faults } = faultsWith({ endpoint: 'stream', kind: 'cut' }, { endpoint: 'stream', kind: 'silence' });
    expect(faults.strike('book', 1)).toEqual([]);
    const { streams } = faultsWith({ endpoint: '*', kind: 'http-5xx' }, { endpoint: '*', kind: 'delay', delayMs: 5 });
    expect(streams.cuts('stream.public', new Set(), 1)).toBe(false);
    expect(streams.silences('stream.public', 1)).toBe(false);
    expect(streams.skips('stream.user', 1)).toBe(false);
  });

  it('are silent while the whole venue is frozen', () => {
    const { streams } = faultsWith({ endpoint: '*', kind: 'freeze', forMs: 100 });
    expect(streams.silences('stream.user', 99)).toBe(true);
    expect(streams.silences('stream.user', 100)).toBe(false);
    const { streams: partly } = faultsWith({ endpoint: 'order.create', kind: 'freeze' });
    expect(partly.silences('stream.user', 1)).toBe(false);
  });

  it.each([
    ['a kind of streams on a request', { endpoint: 'book', kind: 'cut' }],
    ['a kind of streams everywhere', { endpoint: '*', kind: 'silence' }],
    ['a kind of requests on streams', { endpoint: 'stream', kind: 'drop-before' }],
    ['a kind of requests on one stream', { endpoint: 'stream.user', kind: 'delay', delayMs: 1 }],
  ])('refuse %s', (_what, body) => {
    expect(() => parseFaultSpec(body)).toThrow(FieldError);
    expect(() => parseFaultSpec(body)).toThrow(/^endpoint is ".*"; /);
  });
});
