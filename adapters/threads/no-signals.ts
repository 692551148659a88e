/**
 * Takes from this thread the means to end the whole process with all that runs in it. Not for safety, since the code of a user has the
 * rights of the process: so that a mistake ends one run.
 */
export function forbidSignals(): void {
  process.kill = (): never => {
    throw new Error('process.kill is not for code that runs in a thread: it would end the runs of others, too');
  };
}
