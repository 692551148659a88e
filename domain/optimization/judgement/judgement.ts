/** A figure of the judgement, or why there is none. */
export type Judged<Value> =
  | { readonly value: Value; readonly reason: null }
  | { readonly value: null; readonly reason: string };

export function judged<Value>(value: Value): Judged<Value> {
  return { value, reason: null };
}

export function unjudged(reason: string): { readonly value: null; readonly reason: string } {
  return { value: null, reason };
}

/** "1,234 daily returns", "1 trial". */
export function counted(n: number, what: string): string {
  return `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;
}

export function needs(least: number, what: string, found: number): { readonly value: null; readonly reason: string } {
  return unjudged(
    `it needs at least ${counted(least, what)}, there ${found === 1 ? 'is' : 'are'} ${found.toLocaleString('en-US')}`,
  );
}
