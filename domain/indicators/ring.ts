/** Slots of a ring that holds `count` values and is addressed by `bar & (slots - 1)`: the next power of two. */
export function ringSize(count: number): number {
  let slots = 1;
  while (slots < count) slots *= 2;
  return slots;
}
