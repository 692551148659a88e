/**
 * Bars that a kernel computes in one call, where it carries several sums from bar to bar. A loop that runs for long inside of its first call
 * is compiled from the middle of it, with its variables in memory, and stays so for good; a function that is called often is compiled as a
 * whole, with its variables in registers, and takes a third to half of the time.
 */
export const STRETCH_BARS = 1024;
