/** How near two clusters are, from the distances of their members. `ward` presumes Euclidean distances. */
export type Linkage = 'average' | 'complete' | 'single' | 'ward';

/**
 * A hierarchy of n items in n − 1 merges, by growing height, in the order and form of SciPy's linkage matrix: cluster ids below n are
 * items, and merge m makes the cluster n + m.
 */
export interface Dendrogram {
  readonly count: number;
  /** (n − 1) × 2: the ids of the two clusters that are merged, the smaller id first. */
  readonly children: Uint32Array<ArrayBuffer>;
  /** n − 1: how far apart they are. */
  readonly heights: Float64Array<ArrayBuffer>;
  /** n − 1: members of the new cluster. */
  readonly sizes: Uint32Array<ArrayBuffer>;
}

/**
 * Agglomerative clustering by the nearest-neighbor chain (Benzécri 1982; Müllner 2011, algorithm 2): O(n²) time, and n² / 2 numbers.
 *
 * @param distances n × n, row-major, symmetric; not changed
 * @param onMerge is told of each of the n − 1 merges
 */
export function cluster(
  distances: Float32Array,
  count: number,
  linkage: Linkage,
  onMerge?: (done: number, total: number) => void,
): Dendrogram {
  if (distances.length !== count * count)
    throw new RangeError(
      `The distances of ${count} items are ${count * count} numbers, and these are ${distances.length}.`,
    );
  const near = condensed(distances, count, linkage);
  const update = UPDATES[linkage];
  const sizes = new Uint32Array(count).fill(1);
  const merges: Merge[] = [];
  const chain: number[] = [];
  for (let done = 0; done < count - 1; done++) {
    if (chain.length === 0) chain.push(sizes.findIndex((size) => size > 0));
    const [low, high, height] = followChain(chain, near, sizes, count);
    const sizeLow = sizes[low] ?? 0;
    const sizeHigh = sizes[high] ?? 0;
    merges.push({ low, high, height: linkage === 'ward' ? Math.sqrt(height) : height });
    // The cluster stands under the higher index from now on.
    sizes[low] = 0;
    sizes[high] = sizeLow + sizeHigh;
    for (let other = 0; other < count; other++) {
      const size = sizes[other] ?? 0;
      if (size === 0 || other === high) continue;
      const at = place(high, other, count);
      const toLow = near[place(low, other, count)] ?? 0;
      near[at] = update(toLow, near[at] ?? 0, height, sizeLow, sizeHigh, size);
    }
    onMerge?.(done + 1, count - 1);
  }
  return inOrder(merges, count);
}

interface Merge {
  readonly low: number;
  readonly high: number;
  readonly height: number;
}

/** Goes from cluster to nearest cluster until two are nearest to each other, and takes them off the chain. @returns both and their distance */
function followChain(
  chain: number[],
  near: Float64Array,
  sizes: Uint32Array,
  count: number,
): [low: number, high: number, height: number] {
  for (;;) {
    const last = chain.at(-1) ?? 0;
    const before = chain.at(-2);
    // Among equals the one that it came from is taken, or the chain would never end.
    let nearest = before ?? -1;
    let height = before === undefined ? Number.POSITIVE_INFINITY : (near[place(last, before, count)] ?? 0);
    for (let other = 0; other < count; other++) {
      if (other === last || sizes[other] === 0) continue;
      const distance = near[place(last, other, count)] ?? 0;
      if (distance < height || nearest < 0) {
        height = distance;
        nearest = other;
      }
    }
    if (nearest === before) {
      chain.length -= 2;
      return [Math.min(last, nearest), Math.max(last, nearest), height];
    }
    chain.push(nearest);
  }
}

type Update = (
  toLow: number,
  toHigh: number,
  between: number,
  low: number,
  high: number,
  other: number,
) => number;

/** The distance of a third cluster to the merged one (Lance and Williams 1967); of squares, for Ward's. */
const UPDATES: Readonly<Record<Linkage, Update>> = {
  single: (toLow, toHigh) => Math.min(toLow, toHigh),
  complete: (toLow, toHigh) => Math.max(toLow, toHigh),
  average: (toLow, toHigh, _, low, high) => (low * toLow + high * toHigh) / (low + high),
  ward: (toLow, toHigh, between, low, high, other) =>
    ((low + other) * toLow + (high + other) * toHigh - other * between) / (low + high + other),
};

/** The upper triangle, row by row. */
function condensed(distances: Float32Array, count: number, linkage: Linkage): Float64Array {
  const near = new Float64Array((count * (count - 1)) / 2);
  let at = 0;
  for (let row = 0; row < count; row++) {
    for (let column = row + 1; column < count; column++) {
      const distance = distances[row * count + column] ?? 0;
      near[at++] = linkage === 'ward' ? distance * distance : distance;
    }
  }
  return near;
}

function place(a: number, b: number, count: number): number {
  const row = a < b ? a : b;
  const column = a < b ? b : a;
  return row * count - (row * (row + 1)) / 2 + column - row - 1;
}

/** By growing height, with ids for the clusters that come of them. */
function inOrder(merges: readonly Merge[], count: number): Dendrogram {
  const total = merges.length;
  const children = new Uint32Array(2 * total);
  const heights = new Float64Array(total);
  const sizes = new Uint32Array(total);
  // Of an item's cluster: its top in the forest, and there the cluster's id.
  const parents = Uint32Array.from({ length: count }, (_, item) => item);
  const ids = parents.slice();
  const top = (item: number): number => {
    let at = item;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] ?? at] ?? at;
      at = parents[at] ?? at;
    }
    return at;
  };
  const sizeOf = (id: number) => (id < count ? 1 : (sizes[id - count] ?? 0));
  [...merges]
    .sort((a, b) => a.height - b.height)
    .forEach(({ low, high, height }, merge) => {
      const a = top(low);
      const b = top(high);
      const idA = ids[a] ?? 0;
      const idB = ids[b] ?? 0;
      children[2 * merge] = Math.min(idA, idB);
      children[2 * merge + 1] = Math.max(idA, idB);
      heights[merge] = height;
      sizes[merge] = sizeOf(idA) + sizeOf(idB);
      parents[a] = b;
      ids[b] = count + merge;
    });
  return { count, children, heights, sizes };
}
