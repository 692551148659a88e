/** What a part of a walk-forward earned: its return a year, and how many daily returns (or those of longer bars) that is made from. */
export interface Earned {
  readonly annualReturn: number | null;
  readonly returns: number;
}

/** An efficiency, or why there is none. */
export type Efficiency =
  | { readonly efficiency: number; readonly efficiencyReason: null }
  | { readonly efficiency: null; readonly efficiencyReason: string };

/** Days that both sides have to cover. Of a month, a return a year is the twelfth power already: of less, a ratio of two is all noise. */
const LEAST_DAYS = 30;
const DAYS_A_YEAR = 365;
/** The first day of a part has no return of its own, and markets that close at weekends have 20 or 21 of them in thirty days. */
const TOLERANCE_DAYS = 1.5;

/**
 * What was earned outside over what was earned inside, both a year: the walk-forward efficiency.
 *
 * @param outside where choices were tried; `null` without a choice.
 * @param inside where they were made.
 * @param periodsPerYear returns in a year.
 */
export function efficiencyOf(outside: Earned | null, inside: Earned | null, periodsPerYear: number): Efficiency {
  if (outside === null || inside === null) return none('nothing was chosen');
  const days = (Math.min(outside.returns, inside.returns) / periodsPerYear) * DAYS_A_YEAR;
  if (days < LEAST_DAYS - TOLERANCE_DAYS) {
    return none(
      `it compares returns a year, and one side has ${Math.round(days)} days: it is given from ${LEAST_DAYS} days on, so give more data or fewer folds`,
    );
  }
  if (outside.annualReturn === null || inside.annualReturn === null || inside.annualReturn <= 0) {
    return none('what was chosen earned nothing where it was chosen, so there is nothing to compare with');
  }
  return { efficiency: outside.annualReturn / inside.annualReturn, efficiencyReason: null };
}

function none(reason: string): Efficiency {
  return { efficiency: null, efficiencyReason: reason };
}
