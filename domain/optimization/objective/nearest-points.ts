/** Points of a leaf, which are looked through one by one. */
const LEAF = 8;

/**
 * For each of some points the `most` nearest others, nearest first; -1 where there are fewer. A k-d tree on a permutation of the points, the
 * middle of each part at its centre: no objects, and the same result for the same points.
 *
 * @param points `dimensions` coordinates each.
 * @see Bentley, "Multidimensional binary search trees used for associative searching", Communications of the ACM 18, 1975.
 */
export function nearestPoints(points: Float64Array, dimensions: number, most: number): Int32Array {
  const count = points.length / dimensions;
  const order = Int32Array.from({ length: count }, (_, k) => k);
  build(points, dimensions, order);
  const nearest = new Int32Array(count * most).fill(-1);
  const search = new Search(points, dimensions, order, most);
  for (let k = 0; k < count; k++) search.around(k, nearest.subarray(k * most, (k + 1) * most));
  return nearest;
}

function build(points: Float64Array, dimensions: number, order: Int32Array): void {
  const open: [from: number, to: number, axis: number][] = [[0, order.length, 0]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [from, to, axis] = part;
    if (to - from <= LEAF) continue;
    const middle = (from + to) >>> 1;
    partition(points, dimensions, order, from, to - 1, middle, axis);
    const next = (axis + 1) % dimensions;
    open.push([from, middle, next], [middle + 1, to, next]);
  }
}

/** Hoare's selection: what stands before `middle` is not above it on the axis, what stands behind not below. */
function partition(
  points: Float64Array,
  dimensions: number,
  order: Int32Array,
  from: number,
  to: number,
  middle: number,
  axis: number,
): void {
  let [low, high] = [from, to];
  const value = (k: number): number => points[order[k]! * dimensions + axis]!;
  while (low < high) {
    const pivot = value((low + high) >>> 1);
    let [i, j] = [low, high];
    while (i <= j) {
      while (value(i) < pivot) i++;
      while (value(j) > pivot) j--;
      if (i > j) break;
      const swapped = order[i]!;
      order[i++] = order[j]!;
      order[j--] = swapped;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}

/** Looks around one point after the other. */
class Search {
  readonly #points: Float64Array;
  readonly #dimensions: number;
  readonly #order: Int32Array;
  /** Squared distances of what was found, rising. */
  readonly #distances: Float64Array;
  #found = 0;
  #own = 0;
  #out: Int32Array = new Int32Array(0);

  constructor(points: Float64Array, dimensions: number, order: Int32Array, most: number) {
    this.#points = points;
    this.#dimensions = dimensions;
    this.#order = order;
    this.#distances = new Float64Array(most);
  }

  around(own: number, out: Int32Array): void {
    this.#own = own;
    this.#out = out;
    this.#found = 0;
    this.#visit(0, this.#order.length, 0);
  }

  #visit(from: number, to: number, axis: number): void {
    if (to - from <= LEAF) {
      for (let k = from; k < to; k++) this.#meet(this.#order[k]!);
      return;
    }
    const middle = (from + to) >>> 1;
    const at = this.#order[middle]!;
    const distance = this.#points[this.#own * this.#dimensions + axis]! - this.#points[at * this.#dimensions + axis]!;
    const next = (axis + 1) % this.#dimensions;
    if (distance < 0) this.#visit(from, middle, next);
    else this.#visit(middle + 1, to, next);
    this.#meet(at);
    if (this.#found === this.#out.length && distance * distance > this.#distances[this.#found - 1]!) return;
    if (distance < 0) this.#visit(middle + 1, to, next);
    else this.#visit(from, middle, next);
  }

  #meet(other: number): void {
    if (other === this.#own) return;
    let squared = 0;
    for (let d = 0; d < this.#dimensions; d++) {
      const apart = this.#points[this.#own * this.#dimensions + d]! - this.#points[other * this.#dimensions + d]!;
      squared += apart * apart;
    }
    let place = this.#found;
    while (place > 0 && this.#isBefore(squared, other, place - 1)) place -= 1;
    if (place === this.#out.length) return;
    if (this.#found < this.#out.length) this.#found += 1;
    for (let k = this.#found - 1; k > place; k--) {
      this.#out[k] = this.#out[k - 1]!;
      this.#distances[k] = this.#distances[k - 1]!;
    }
    this.#out[place] = other;
    this.#distances[place] = squared;
  }

  /** Of points equally far the one that comes first. */
  #isBefore(squared: number, other: number, place: number): boolean {
    const there = this.#distances[place]!;
    return squared < there || (squared === there && other < this.#out[place]!);
  }
}
