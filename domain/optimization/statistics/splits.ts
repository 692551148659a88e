/**
 * All ways to choose half of `blocks` blocks, each as a bit mask, but of a choice and its complement only the one that holds block 0:
 * the other is the same split with its halves exchanged. In rising order.
 *
 * @param blocks even, from 2 to 24.
 */
export function halfSplits(blocks: number): number[] {
  const masks: number[] = [];
  for (let mask = 1; mask < 2 ** blocks; mask += 2) if (countBits(mask) === blocks / 2) masks.push(mask);
  return masks;
}

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
