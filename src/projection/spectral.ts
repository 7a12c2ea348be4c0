import { addScaled, type Block, combine, dotProduct, orthonormalize, symmetricEigen } from './block.ts';
import { componentsOf } from './components.ts';
import type { Graph } from './graph.ts';
import { gaussian, type Random } from './random.ts';

// Each round multiplies the wanted directions by a Chebyshev polynomial of this degree; more digits than these give
// would be lost in the first epochs of the optimization anyway.
const ROUNDS = 6;
const DEGREE = 16;
// Columns beyond the wanted ones: they take up directions whose eigenvalue is close to the last wanted one's.
const SPARE_COLUMNS = 4;

/**
 * Where to begin a layout: the smoothest directions over the graph (Laplacian eigenmaps, Belkin and Niyogi 2003), each
 * connected component for itself, and the components side by side, largest in the middle.
 *
 * @returns n × dimensions, row-major, inside about ±10; a tiny jitter keeps copies apart
 */
export function spectralStart(graph: Graph, dimensions: number, random: Random): Float64Array<ArrayBuffer> {
  const positions = new Float64Array(graph.n * dimensions);
  const components = componentsOf(graph);
  let filled = 0;
  components.forEach((members, place) => {
    const share = members.length / graph.n;
    const center = placeInSpiral(place, filled + share / 2, dimensions, components.length);
    filled += share;
    const radius = 10 * share ** (1 / dimensions);
    const local = members.length > dimensions + 1 ? eigenmap(graph, members, dimensions, random) : undefined;
    members.forEach((item, at) => {
      for (let d = 0; d < dimensions; d++) {
        const within = local ? (local[d]?.[at] ?? 0) : (random() - 0.5) * 0.5;
        positions[item * dimensions + d] = (center[d] ?? 0) + within * radius + gaussian(random) * 1e-3;
      }
    });
  });
  return positions;
}

/** One component's coordinates, a column a dimension, each within ±1. */
function eigenmap(
  graph: Graph,
  members: Uint32Array,
  dimensions: number,
  random: Random,
): Float64Array<ArrayBuffer>[] {
  const size = members.length;
  const apply = normalizedAdjacency(graph, members);
  const trivial = apply.rootDegrees.slice();
  orthonormalize([trivial]);
  const count = Math.min(dimensions + SPARE_COLUMNS, size - 1);
  let block: Block = Array.from({ length: count }, () =>
    Float64Array.from({ length: size }, () => random() - 0.5),
  );
  let lowest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) block = block.map((column) => chebyshev(apply, column, lowest));
    orthonormalize(block, [trivial]);
    const images = block.map((column) => apply.times(column));
    const projected = block.map((x) => Float64Array.from(images, (y) => dotProduct(x, y)));
    const { values, vectors } = symmetricEigen(projected);
    block = combine(block, vectors);
    // Everything below the block's lowest value is damped; above 0.999 nothing would be left to enlarge.
    lowest = Math.min(0.999, Math.max(-0.5, values[values.length - 1] ?? 0));
  }
  return block.slice(0, dimensions).map((column) => {
    const out = column.map((value, i) => value / (apply.rootDegrees[i] || 1));
    const largest = out.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return largest > 0 ? out.map((value) => value / largest) : out;
  });
}

interface Operator {
  readonly rootDegrees: Float64Array<ArrayBuffer>;
  times(x: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer>;
}

/** D^−½ W D^−½ of one component; its eigenvalues lie in −1..1 and the largest belongs to the column D^½·1. */
function normalizedAdjacency(graph: Graph, members: Uint32Array): Operator {
  const localOf = new Map<number, number>();
  members.forEach((item, at) => {
    localOf.set(item, at);
  });
  const starts = new Uint32Array(members.length + 1);
  members.forEach((item, at) => {
    starts[at + 1] = (starts[at] ?? 0) + (graph.starts[item + 1] ?? 0) - (graph.starts[item] ?? 0);
  });
  const columns = new Uint32Array(starts[members.length] ?? 0);
  const weights = new Float64Array(columns.length);
  const degrees = new Float64Array(members.length);
  members.forEach((item, at) => {
    let to = starts[at] ?? 0;
    for (let e = graph.starts[item] ?? 0; e < (graph.starts[item + 1] ?? 0); e++, to++) {
      columns[to] = localOf.get(graph.columns[e] ?? 0) ?? 0;
      weights[to] = graph.weights[e] ?? 0;
      degrees[at] = (degrees[at] ?? 0) + (graph.weights[e] ?? 0);
    }
  });
  const rootDegrees = degrees.map(Math.sqrt);
  for (let i = 0; i < members.length; i++) {
    for (let e = starts[i] ?? 0; e < (starts[i + 1] ?? 0); e++) {
      const scale = (rootDegrees[i] ?? 0) * (rootDegrees[columns[e] ?? 0] ?? 0);
      weights[e] = scale > 0 ? (weights[e] ?? 0) / scale : 0;
    }
  }
  const times = (x: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
    const y = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) {
      let sum = 0;
      const end = starts[i + 1] ?? 0;
      for (let e = starts[i] ?? 0; e < end; e++) sum += (weights[e] ?? 0) * (x[columns[e] ?? 0] ?? 0);
      y[i] = sum;
    }
    return y;
  };
  return { rootDegrees, times };
}

/** The Chebyshev polynomial that stays within ±1 on −1..bound and grows fast above it, applied to one column. */
function chebyshev(
  operator: Operator,
  column: Float64Array<ArrayBuffer>,
  bound: number,
): Float64Array<ArrayBuffer> {
  const middle = (bound - 1) / 2;
  const half = (bound + 1) / 2;
  const shifted = (x: Float64Array<ArrayBuffer>, factor: number): Float64Array<ArrayBuffer> => {
    const y = operator.times(x);
    for (let i = 0; i < y.length; i++) y[i] = (((y[i] ?? 0) - middle * (x[i] ?? 0)) * factor) / half;
    return y;
  };
  let before = column;
  let now = shifted(column, 1);
  for (let degree = 2; degree <= DEGREE; degree++) {
    const next = shifted(now, 2);
    addScaled(next, -1, before);
    before = now;
    now = next;
  }
  return now;
}

/** Centers that fill a disc (or a ball) evenly, in order: the golden angle turns, the share filled so far is the radius. */
function placeInSpiral(place: number, filled: number, dimensions: number, count: number): number[] {
  if (count === 1) return new Array<number>(dimensions).fill(0);
  const golden = Math.PI * (3 - Math.sqrt(5));
  const radius = 20 * filled ** (1 / dimensions);
  const angle = golden * place;
  if (dimensions === 2) return [radius * Math.cos(angle), radius * Math.sin(angle)];
  const height = 1 - 2 * ((place * 0.618034 + 0.5) % 1);
  const around = Math.sqrt(1 - height * height);
  return [radius * around * Math.cos(angle), radius * around * Math.sin(angle), radius * height];
}
