/** Of a stop: the market has passed its trigger already. No time heals it, and no repetition: what it was for is due now. */
export const TRIGGER_PASSED = 'TRIGGER_PASSED';

/**
 * Why a venue has refused an order, where something else is done than trying it again: codes of ours, the same for every venue. Which of a venue's own codes
 * and words stand for one is known where that venue's answers are read.
 */
export type RefusalReason = typeof TRIGGER_PASSED;
