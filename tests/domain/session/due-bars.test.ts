import { describe, expect, it } from '@jest/globals';
import { type BarPolicy, dueBars } from '../../../domain/session/due-bars.ts';
import type { EntryBlock } from '../../../domain/session/status.ts';

const MINUTE = 60_000;
const OPENS = [0, 1, 2, 3].map((bar) => bar * MINUTE);
/** The newest bar, which opened at 3:00, closed at 4:00. */
const CLOSED = 4 * MINUTE;
const BLOCK: EntryBlock = { reason: 'RECONCILIATION', problem: { code: 'MISSING', detail: '' }, since: 0 };

const policy = (changes: Partial<BarPolicy> = {}): BarPolicy => ({
  status: 'running',
  block: null,
  catchUp: 'latest',
  maxBarAgeMs: MINUTE,
  barMs: MINUTE,
  now: CLOSED + 100,
  mayOpen: () => true,
  ...changes,
});

const modes = (times: readonly number[], changes: Partial<BarPolicy> = {}): readonly string[] =>
  dueBars(times, policy(changes)).map(({ time, mode, reason }) => `${time / MINUTE} ${mode} ${reason ?? '-'}`);

describe('dueBars', () => {
  it('asks about a bar that has just closed', () => {
    expect(modes([3 * MINUTE])).toEqual(['3 ask -']);
  });

  it('has nothing to do without a closed bar', () => {
    expect(modes([])).toEqual([]);
  });

  it('decides under "latest" the newest of several, and marks the others as missed', () => {
    expect(modes(OPENS)).toEqual(['0 mute MISSED', '1 mute MISSED', '2 mute MISSED', '3 ask -']);
  });

  it('decides nothing that closed longer ago than allowed', () => {
    expect(modes([3 * MINUTE], { now: CLOSED + MINUTE })).toEqual(['3 ask -']);
    expect(modes([3 * MINUTE], { now: CLOSED + MINUTE + 1 })).toEqual(['3 mute MISSED']);
  });

  it('decides under "skip" only what is decided promptly: within a tenth of a bar, and 10 s', () => {
    expect(modes([3 * MINUTE], { catchUp: 'skip', now: CLOSED + 10_000 })).toEqual(['3 ask -']);
    expect(modes([3 * MINUTE], { catchUp: 'skip', now: CLOSED + 10_001 })).toEqual(['3 mute MISSED']);
    const hour = { catchUp: 'skip', barMs: 60 * MINUTE, maxBarAgeMs: 60 * MINUTE } as const;
    expect(modes([0], { ...hour, now: 66 * MINUTE })).toEqual(['0 ask -']);
    expect(modes([0], { ...hour, now: 66 * MINUTE + 1 })).toEqual(['0 mute MISSED']);
  });

  it('decides under "replay" each in order, one step at a time, however old', () => {
    expect(modes(OPENS, { catchUp: 'replay', now: 1_000 * MINUTE })).toEqual(['0 ask -']);
  });

  it('counts the newest bar as just closed where the market has a time of its own', () => {
    expect(modes(OPENS, { now: null })).toEqual(['0 mute MISSED', '1 mute MISSED', '2 mute MISSED', '3 ask -']);
  });

  it('lets nothing be opened outside of trading hours, judged by the close of the bar', () => {
    const mayOpen = (instant: number): boolean => instant !== CLOSED;
    expect(modes([3 * MINUTE], { mayOpen })).toEqual(['3 exits HOURS']);
  });

  it('asks a strategy that has failed nothing, whatever else holds', () => {
    const failed = { block: { ...BLOCK, reason: 'STRATEGY' } } as const;
    expect(modes([3 * MINUTE], failed)).toEqual(['3 mute STRATEGY']);
    expect(modes([3 * MINUTE], { ...failed, status: 'paused' })).toEqual(['3 mute STRATEGY']);
    expect(modes([3 * MINUTE], { ...failed, status: 'stopping' })).toEqual(['3 mute STRATEGY']);
  });

  it('lets nothing be opened while entries are blocked', () => {
    expect(modes([3 * MINUTE], { block: BLOCK })).toEqual(['3 exits RECONCILIATION']);
  });

  it('acts on nothing while paused or stopping, whatever the hours', () => {
    const mayOpen = (): boolean => false;
    expect(modes([3 * MINUTE], { status: 'paused', mayOpen, block: BLOCK })).toEqual(['3 mute PAUSED']);
    expect(modes([3 * MINUTE], { status: 'stopping', mayOpen, block: BLOCK })).toEqual(['3 mute STOPPING']);
  });

  it('takes a long outage in steps of a thousand bars', () => {
    const times = Array.from({ length: 2_500 }, (_, i) => i * MINUTE);
    const due = dueBars(times, policy({ now: 2_500 * MINUTE }));
    expect(due).toHaveLength(1_000);
    expect(new Set(due.map(({ reason }) => reason))).toEqual(new Set(['MISSED']));
  });
});
