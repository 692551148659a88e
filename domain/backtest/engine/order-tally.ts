import type { OrderCounts, Refusal } from '../run.ts';

const REFUSALS_KEPT = 100;

/** Counts what became of the strategy's orders. */
export class OrderTally {
  submitted = 0;
  filled = 0;
  cancelled = 0;
  refused = 0;
  readonly refusals: Refusal[] = [];

  note(refusal: Refusal): void {
    if (this.refusals.length < REFUSALS_KEPT) this.refusals.push(refusal);
  }

  get counts(): OrderCounts {
    const { submitted, filled, cancelled, refused } = this;
    return { submitted, filled, cancelled, refused };
  }
}
