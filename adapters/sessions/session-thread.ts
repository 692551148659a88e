import { BacktestFailure, failure } from '../../domain/backtest/failure.ts';
import { RunControl } from '../backtests/control.ts';
import { bufferBytes } from '../backtests/guarded-strategy.ts';
import { RelayedControl } from '../backtests/relayed-control.ts';
import { collectRejections, rejectionProblem, takeRejections } from '../backtests/unheard-rejections.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { decide } from './decide.ts';
import type { SessionJob, SessionOutcome } from './thread-job.ts';
import { WarmBooks } from './warm-books.ts';

// The thread of sessions: everything that computes, and the only place where code of a user's runs.
collectRejections();
const warm = new WarmBooks();
/** Strategies stay with their books from job to job: their signs of life are of the one under way. */
const relayed = new RelayedControl(new RunControl());
/** What a user's file leaves behind each time it is loaded, modules to begin with, goes with the thread after so many times. */
const MOST_LOADS = 200;
serveThread(async (message) => {
  const job = message as SessionJob;
  const outcome = await outcomeOf(job);
  const isWorn = isForeign(job) && warm.misses >= MOST_LOADS;
  return { value: heard(job, outcome, await takeRejections()), isWorn };
});

function isForeign({ request }: SessionJob): boolean {
  return 'file' in request.session.spec.strategy;
}

async function outcomeOf(job: SessionJob): Promise<SessionOutcome> {
  const { request, control } = job;
  try {
    relayed.target = new RunControl(control);
    // Which of the strategies kept here holds how much of that cannot be told.
    const { maxBufferMb } = relayed;
    if (isForeign(job) && maxBufferMb > 0 && bufferBytes() > maxBufferMb * 2 ** 20) warm.forgetAll();
    return { decided: await decide(request, relayed, warm) };
  } catch (error) {
    if (error instanceof BacktestFailure) return { problem: error.problem };
    // Books that cannot be folded stay so: a person has to look.
    const detail = `the books of session ${request.session.id} cannot be made: ${error instanceof Error ? error.message : String(error)}`;
    return { problem: failure('RUN_FAILED', detail).problem };
  }
}

/** What was decided is worth nothing when a promise of the strategy was rejected meanwhile. */
function heard({ request }: SessionJob, outcome: SessionOutcome, [reason]: readonly unknown[]): SessionOutcome {
  const { strategy } = request.session.spec;
  if (reason === undefined || 'problem' in outcome) return outcome;
  if (!('file' in strategy)) throw reason;
  return { problem: rejectionProblem(reason, strategy.file) };
}
