import type { SessionDependencies } from './dependencies.ts';
import type { SessionMemory } from './session-memory.ts';

/**
 * Starts the executions that a session has written down and asks those to end that it no longer wants. Whatever fails here is done at a later look, by
 * whoever takes it; doing it twice does no harm. Only what is known to have started is asked to end: of anything else there would be nothing to ask, and
 * the start that comes after it would place what nobody wants.
 *
 * @returns whether all of it was done
 */
export async function place(deps: SessionDependencies, memory: SessionMemory, sessionId: string): Promise<boolean> {
  const areStarted = await startOrders(deps, sessionId);
  const areCancelled = await cancelOrders(deps, memory, sessionId);
  return areStarted && areCancelled;
}

async function startOrders(deps: SessionDependencies, sessionId: string): Promise<boolean> {
  const waiting = await deps.store.unstartedOrders(sessionId);
  return all(deps, sessionId, waiting, async (execution) => {
    await deps.workflows.start(execution);
    await deps.executions.markStarted(execution.id);
  });
}

async function cancelOrders(deps: SessionDependencies, memory: SessionMemory, sessionId: string): Promise<boolean> {
  const placed = await deps.store.placed(sessionId);
  const going = placed.filter(
    ({ executionId, state, cancelRequested, started }) =>
      started && cancelRequested && state !== 'ended' && !memory.cancelled.has(executionId),
  );
  return all(deps, sessionId, going, async ({ executionId }) => {
    // An end will be seen; one whose workflow was lost has to be asked again once it runs again.
    if (await deps.workflows.cancel(executionId)) memory.cancelled.add(executionId);
  });
}

/** One that fails keeps none of the others back. */
async function all<T>(
  { log }: SessionDependencies,
  sessionId: string,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<boolean> {
  const outcomes = await Promise.allSettled(items.map((item) => work(item)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return true;
  log('orders could not be passed on: another try follows', { sessionId, reason: String(failed.reason) });
  return false;
}
