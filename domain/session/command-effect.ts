import type { Problem } from '../execution/commands.ts';
import type { SessionCommand } from './commands.ts';
import type { SessionEvent } from './journal.ts';
import { type EntryBlock, isOver, type SessionStatus, type StopMode } from './status.ts';

/** How a session stands, as far as commands are concerned. */
export interface SessionStanding {
  readonly status: SessionStatus;
  readonly stopMode: StopMode | null;
  readonly block: EntryBlock | null;
  readonly problem: Problem | null;
  readonly params: Readonly<Record<string, number>>;
}

/** What a command makes of it, and what goes into the journal. */
export interface CommandEffect extends SessionStanding {
  readonly events: readonly SessionEvent[];
}

/** A session cannot have that now. */
export class SessionRefusal extends RangeError {
  readonly code: 'SESSION_ENDED' | 'SESSION_STOPPING';

  constructor(code: SessionRefusal['code'], message: string) {
    super(message);
    this.name = 'SessionRefusal';
    this.code = code;
  }
}

/** What a command does to a session. Asking for what already holds changes nothing. Throws `SessionRefusal` when it cannot have that now. */
export function commandEffect(standing: SessionStanding, command: SessionCommand): CommandEffect {
  if (isOver(standing.status)) throw new SessionRefusal('SESSION_ENDED', `the session is ${standing.status}`);
  if (command.kind === 'stop') return stopped(standing, command.mode, `stop by ${command.by}`);
  if (standing.status === 'stopping') {
    throw new SessionRefusal('SESSION_STOPPING', `the session is being stopped: it takes no ${command.kind} any more`);
  }
  switch (command.kind) {
    case 'pause':
      return paused(standing, command.mode, `pause by ${command.by}`);
    case 'resume':
      return { ...standing, status: 'running', block: null, problem: null, events: [] };
    case 'amend':
      return amended(standing, command.params);
  }
}

/** Nothing is opened while it is paused, so what waits to be bought goes too. */
function paused(standing: SessionStanding, mode: 'keep' | 'flatten', reason: string): CommandEffect {
  const events: SessionEvent[] = [];
  if (standing.status !== 'paused') events.push({ kind: 'cancel-entries', reason });
  if (mode === 'flatten') events.push({ kind: 'flatten', reason });
  return { ...standing, status: 'paused', events };
}

const STRENGTH: Readonly<Record<StopMode, number>> = { keep: 0, cancel: 1, flatten: 2 };

/** A stop may still be made a stronger one, as long as it has not ended; never a weaker one, which would leave what is half done. */
function stopped(standing: SessionStanding, mode: StopMode, reason: string): CommandEffect {
  if (standing.status === 'stopping' && standing.stopMode !== null) {
    if (standing.stopMode === mode) return { ...standing, events: [] };
    if (STRENGTH[mode] < STRENGTH[standing.stopMode])
      throw new SessionRefusal(
        'SESSION_STOPPING',
        `the session is being stopped with "${standing.stopMode}": it cannot be made "${mode}" any more, only stronger`,
      );
  }
  const event: SessionEvent = { kind: mode === 'flatten' ? 'flatten' : 'cancel-entries', reason };
  return { ...standing, status: 'stopping', stopMode: mode, events: [event] };
}

function amended(standing: SessionStanding, params: Readonly<Record<string, number>>): CommandEffect {
  const names = new Set([...Object.keys(params), ...Object.keys(standing.params)]);
  const isSame = [...names].every((name) => params[name] === standing.params[name]);
  return isSame ? { ...standing, events: [] } : { ...standing, params, events: [{ kind: 'params', params }] };
}
