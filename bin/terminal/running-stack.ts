import { NoStack } from '../stack/failures.ts';
import { homeLayout } from '../stack/home-layout.ts';
import { runningStack, type StackRecord } from '../stack/stack-record.ts';

/** The record of the stack that runs in `home`. Throws `NoStack`. */
export function stackOf(home: string): StackRecord {
  const record = runningStack(homeLayout(home));
  if (record === null)
    throw new NoStack(`no stack runs in ${home}: start one with "tradewind up", or name its home with --home`);
  return record;
}
