import { BacktestFailure, failure } from '../../domain/backtest/failure.ts';
import { RunControl } from '../backtests/control.ts';
import { collectRejections, rejectionProblem, takeRejections } from '../backtests/unheard-rejections.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { decide } from './decide.ts';
import type { SessionJob, SessionOutcome } from './thread-job.ts';
import { WarmBooks } from './warm-books.ts';

// The thread of sessions: everything that computes, and the only place where code of a user's runs.
collectRejections();
const warm = new WarmBooks();
serveThread(async (message) => {
  const job = message as SessionJob;
  const outcome = await outcomeOf(job);
  return { value: heard(job, outcome, await takeRejections()) };
});

async function outcomeOf({ request, control }: SessionJob): Promise<SessionOutcome> {
  try {
    // Code of a user's gives its signs of life to the control of one job alone, and may keep what it likes: its past is folded each time.
    const isOwn = 'id' in request.session.spec.strategy;
    return { decided: await decide(request, new RunControl(control), isOwn ? warm : null) };
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
