import type { Dendrogram } from './linkage.ts';

/** A cluster as the stretch of leaves that it covers in the plain order: [from, to), of which [from, middle) are its first child's. */
interface Stretch {
  readonly from: number;
  readonly middle: number;
  readonly to: number;
  /** Where its children are split in turn; of no meaning for a child that is a single leaf. */
  readonly middles: readonly [first: number, second: number];
}

/** The items as the hierarchy lists them, first children first. */
export function plainOrder({ count, children }: Dendrogram): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(count);
  const open = count > 0 ? [Math.max(0, 2 * count - 2)] : [];
  for (let at = 0; open.length > 0; ) {
    const id = open.pop() ?? 0;
    if (id < count) order[at++] = id;
    else open.push(children[2 * (id - count) + 1] ?? 0, children[2 * (id - count)] ?? 0);
  }
  return order;
}

/**
 * The order of items, among those that the hierarchy allows by turning its branches, in which neighbors in the order are nearest in sum:
 * optimal leaf ordering (Bar-Joseph, Gifford and Jaakkola 2001). O(n³) at most, and two more matrices of n².
 *
 * @param distances n × n, row-major, symmetric; not changed
 * @param onStep is told how much of the work is done
 * @returns item indices, in order
 */
export function optimalLeafOrder(
  distances: Float32Array,
  tree: Dendrogram,
  onStep?: (done: number, total: number) => void,
): Uint32Array<ArrayBuffer> {
  const { count } = tree;
  const plain = plainOrder(tree);
  if (count < 3) return plain;
  const stretches = stretchesOf(tree);
  const near = permuted(distances, plain);
  // Of leaves a and b: the least sum over orders of the smallest cluster with both that begin with the one and end with the other.
  const costs = new Float32Array(count * count);
  const total = stretches.reduce((sum, stretch) => sum + workOf(stretch), 0);
  let done = 0;
  for (const stretch of stretches) {
    fillCosts(stretch, near, costs, count);
    done += workOf(stretch);
    onStep?.(done, total);
  }
  return unfold(stretches, near, costs, count).map((leaf) => plain[leaf] ?? 0);
}

function workOf({ from, middle, to }: Stretch): number {
  return (middle - from) * (to - middle) * (to - from);
}

/** Of every merge, in the order of the merges. */
function stretchesOf({ count, children, sizes }: Dendrogram): Stretch[] {
  const sizeOf = (id: number) => (id < count ? 1 : (sizes[id - count] ?? 0));
  const starts = new Uint32Array(2 * count - 1);
  const middles = new Uint32Array(2 * count - 1);
  for (let id = 2 * count - 2; id >= count; id--) {
    const first = children[2 * (id - count)] ?? 0;
    const second = children[2 * (id - count) + 1] ?? 0;
    const from = starts[id] ?? 0;
    starts[first] = from;
    middles[id] = from + sizeOf(first);
    starts[second] = from + sizeOf(first);
  }
  return Array.from({ length: count - 1 }, (_, merge) => {
    const id = count + merge;
    const from = starts[id] ?? 0;
    const first = middles[children[2 * merge] ?? 0] ?? 0;
    const second = middles[children[2 * merge + 1] ?? 0] ?? 0;
    return { from, middle: middles[id] ?? 0, to: from + sizeOf(id), middles: [first, second] };
  });
}

/** Rows and columns in this order. */
function permuted(distances: Float32Array, order: Uint32Array): Float32Array {
  const count = order.length;
  const near = new Float32Array(count * count);
  for (let row = 0; row < count; row++) {
    const from = (order[row] ?? 0) * count;
    for (let column = 0; column < count; column++)
      near[row * count + column] = distances[from + (order[column] ?? 0)] ?? 0;
  }
  return near;
}

/** Where the other end of a cluster can be when this leaf is at one of its ends: in the child that the leaf is not in. */
function otherEnds(leaf: number, from: number, middle: number, to: number): [from: number, to: number] {
  if (to - from === 1) return [from, to];
  return leaf < middle ? [middle, to] : [from, middle];
}

/** Costs between the leaves of both children, in two steps: to every leaf where the second child may begin, and from there to its end. */
function fillCosts(
  { from, middle, to, middles }: Stretch,
  near: Float32Array,
  costs: Float32Array,
  count: number,
): void {
  const reach = new Float32Array(to - middle);
  const best = new Float32Array(to - middle);
  for (let left = from; left < middle; left++) {
    reach.fill(Number.POSITIVE_INFINITY);
    const [firstEnd, lastEnd] = otherEnds(left, from, middles[0], middle);
    for (let end = firstEnd; end < lastEnd; end++)
      relax(reach, costs[left * count + end] ?? 0, near, end * count + middle);
    best.fill(Number.POSITIVE_INFINITY);
    for (let begin = middle; begin < to; begin++) {
      const [first, last] = otherEnds(begin, middle, middles[1], to);
      const sums = best.subarray(first - middle, last - middle);
      relax(sums, reach[begin - middle] ?? 0, costs, begin * count + first);
    }
    for (let right = middle; right < to; right++) {
      costs[left * count + right] = best[right - middle] ?? 0;
      costs[right * count + left] = best[right - middle] ?? 0;
    }
  }
}

/** Takes each sum of `cost` and a weight, from `row` on, that is less than what there was. */
function relax(sums: Float32Array, cost: number, weights: Float32Array, row: number): void {
  for (let at = 0; at < sums.length; at++) {
    const sum = cost + (weights[row + at] ?? 0);
    if (sum < (sums[at] ?? 0)) sums[at] = sum;
  }
}

interface Wish {
  /** The merge, or a leaf where there is none. */
  readonly merge: number | undefined;
  readonly first: number;
  readonly last: number;
}

/** The order with the least cost, from the whole down: where two branches meet is looked for again, which is cheaper than to remember it. */
function unfold(
  stretches: readonly Stretch[],
  near: Float32Array,
  costs: Float32Array,
  count: number,
): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(count);
  const mergeOf = new Map(stretches.map(({ from, to }, merge) => [from * (count + 1) + to, merge]));
  const root = stretches.length - 1;
  const [first, last] = bestEnds(stretches[root], costs, count);
  const open: Wish[] = [{ merge: root, first, last }];
  for (let at = 0; open.length > 0; ) {
    const wish = open.pop();
    const stretch = wish?.merge === undefined ? undefined : stretches[wish.merge];
    if (!wish || !stretch) {
      order[at++] = wish?.first ?? 0;
      continue;
    }
    const turned = wish.first >= stretch.middle;
    const left = turned ? wish.last : wish.first;
    const right = turned ? wish.first : wish.last;
    const [end, begin] = meeting(stretch, left, right, near, costs, count);
    const { from, middle, to } = stretch;
    const one = { merge: mergeOf.get(from * (count + 1) + middle), first: left, last: end };
    const two = { merge: mergeOf.get(middle * (count + 1) + to), first: begin, last: right };
    // The last one pushed is listed first.
    if (turned) open.push(reversed(one), reversed(two));
    else open.push(two, one);
  }
  return order;
}

function reversed({ merge, first, last }: Wish): Wish {
  return { merge, first: last, last: first };
}

function bestEnds(
  stretch: Stretch | undefined,
  costs: Float32Array,
  count: number,
): [first: number, last: number] {
  let best: [number, number] = [0, count - 1];
  let least = Number.POSITIVE_INFINITY;
  const { from = 0, middle = 0, to = 0 } = stretch ?? {};
  for (let left = from; left < middle; left++) {
    for (let right = middle; right < to; right++) {
      const cost = costs[left * count + right] ?? 0;
      if (cost < least) {
        least = cost;
        best = [left, right];
      }
    }
  }
  return best;
}

/** The leaves at which the two children touch when the whole goes from `left` to `right`. */
function meeting(
  { from, middle, to, middles }: Stretch,
  left: number,
  right: number,
  near: Float32Array,
  costs: Float32Array,
  count: number,
): [end: number, begin: number] {
  let best: [number, number] = [left, right];
  let least = Number.POSITIVE_INFINITY;
  const [firstEnd, lastEnd] = otherEnds(left, from, middles[0], middle);
  const [firstBegin, lastBegin] = otherEnds(right, middle, middles[1], to);
  for (let end = firstEnd; end < lastEnd; end++) {
    for (let begin = firstBegin; begin < lastBegin; begin++) {
      const cost =
        (costs[left * count + end] ?? 0) +
        (near[end * count + begin] ?? 0) +
        (costs[begin * count + right] ?? 0);
      if (cost < least) {
        least = cost;
        best = [end, begin];
      }
    }
  }
  return best;
}
