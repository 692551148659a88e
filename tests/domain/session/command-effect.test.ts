import { describe, expect, it } from '@jest/globals';
import { commandEffect, SessionRefusal, type SessionStanding } from '../../../domain/session/command-effect.ts';
import type { SessionCommand } from '../../../domain/session/commands.ts';

const standing = (changes: Partial<SessionStanding> = {}): SessionStanding => ({
  status: 'running',
  stopMode: null,
  block: null,
  problem: null,
  params: { fast: 3, slow: 8 },
  ...changes,
});
const by = 'ann';
const kinds = (before: SessionStanding, command: SessionCommand): readonly string[] =>
  commandEffect(before, command).events.map(({ kind }) => kind);
const problem = { code: 'STRATEGY_FAILED', detail: 'it threw' };

describe('commandEffect', () => {
  it('pauses: entries that wait are cancelled, positions stay, or are left', () => {
    const keep = commandEffect(standing(), { kind: 'pause', mode: 'keep', by });
    expect(keep.status).toBe('paused');
    expect(keep.events).toEqual([{ kind: 'cancel-entries', reason: 'pause by ann' }]);
    expect(kinds(standing(), { kind: 'pause', mode: 'flatten', by })).toEqual(['cancel-entries', 'flatten']);
  });

  it('flattens a session that is paused already, and cancels nothing twice', () => {
    const paused = standing({ status: 'paused' });
    expect(kinds(paused, { kind: 'pause', mode: 'keep', by })).toEqual([]);
    expect(kinds(paused, { kind: 'pause', mode: 'flatten', by })).toEqual(['flatten']);
  });

  it('resumes: what stood in the way is over', () => {
    const since = 1;
    const paused = standing({ status: 'paused', problem, block: { reason: 'STRATEGY', problem, since } });
    const after = commandEffect(paused, { kind: 'resume', by, reason: 'mended' });
    expect(after).toEqual({ ...standing(), events: [] });
  });

  it('stops as it is told, and more thoroughly when it is told so later', () => {
    for (const [mode, event] of [
      ['keep', 'cancel-entries'],
      ['cancel', 'cancel-entries'],
      ['flatten', 'flatten'],
    ] as const) {
      const after = commandEffect(standing(), { kind: 'stop', mode, by });
      expect([after.status, after.stopMode, after.events.map(({ kind }) => kind)]).toEqual(['stopping', mode, [event]]);
      expect(kinds(after, { kind: 'stop', mode, by })).toEqual([]);
    }
    const keeping = standing({ status: 'stopping', stopMode: 'keep' });
    expect(kinds(keeping, { kind: 'stop', mode: 'cancel', by })).toEqual(['cancel-entries']);
    const cancelling = standing({ status: 'stopping', stopMode: 'cancel' });
    expect(kinds(cancelling, { kind: 'stop', mode: 'flatten', by })).toEqual(['flatten']);
  });

  it.each([
    ['flatten', 'keep'],
    ['flatten', 'cancel'],
    ['cancel', 'keep'],
  ] as const)('refuses to make a stop with "%s" a weaker one with "%s"', (stopMode, mode) => {
    expect(() => commandEffect(standing({ status: 'stopping', stopMode }), { kind: 'stop', mode, by })).toThrow(
      expect.objectContaining({ code: 'SESSION_STOPPING', message: expect.stringContaining(`"${stopMode}"`) }),
    );
  });

  it('changes parameters once: the same again is no event', () => {
    const params = { fast: 5, slow: 8 };
    const after = commandEffect(standing(), { kind: 'amend', params, by });
    expect(after.params).toEqual(params);
    expect(after.events).toEqual([{ kind: 'params', params }]);
    expect(kinds(after, { kind: 'amend', params: { slow: 8, fast: 5 }, by })).toEqual([]);
  });

  it('refuses everything once it has ended, and all but a stop while it is being stopped', () => {
    const commands: readonly SessionCommand[] = [
      { kind: 'pause', mode: 'keep', by },
      { kind: 'resume', by, reason: 'why not' },
      { kind: 'amend', params: { fast: 5, slow: 8 }, by },
      { kind: 'stop', mode: 'keep', by },
    ];
    for (const command of commands) {
      for (const status of ['stopped', 'failed'] as const) {
        expect(() => commandEffect(standing({ status }), command)).toThrow(
          expect.objectContaining({ code: 'SESSION_ENDED', message: `the session is ${status}` }),
        );
      }
      if (command.kind !== 'stop')
        expect(() => commandEffect(standing({ status: 'stopping', stopMode: 'keep' }), command)).toThrow(
          SessionRefusal,
        );
    }
  });
});
