import heap from '../../shaders/lib/heap.wgsl?raw';
import ownBound from '../../shaders/lib/own-bound.wgsl?raw';
import pairDistance from '../../shaders/lib/pair-distance.wgsl?raw';
import boundsWgsl from '../../shaders/neighbors-bounds.wgsl?raw';
import selectWgsl from '../../shaders/neighbors-select.wgsl?raw';
import sortWgsl from '../../shaders/neighbors-sort.wgsl?raw';
import { getKernel } from '../gpu/kernel.ts';
import { composeShader } from '../gpu/shader.ts';
import { metricPieces } from './compose.ts';
import type { Pairing } from './distances.ts';
import type { Tile } from './tile.ts';

/** What the kernels of a search are compiled for. */
export interface SearchKind {
  readonly isMasked: boolean;
  /** Rows and columns are one set, each pair measured once for both of its rows. */
  readonly isBothWays: boolean;
  readonly tile: Tile;
}

const SORT = composeShader('shaders/neighbors-sort.wgsl', [heap, sortWgsl]);
/** Invocations in a workgroup of the sorting kernel. */
export const SORT_GROUP = 64;

/** The three kernels of a search, and the shape of their work. */
export async function getSearchKernels(pairing: Pairing, { isMasked, isBothWays, tile }: SearchKind) {
  const { gpu, metric, storage } = pairing;
  const pieces = metricPieces(metric, storage);
  if (!metric.wgsl.includes('fn atLeast')) pieces.push(ownBound);
  const of = `${metric.id}, ${storage}, ${tile.name}${isMasked ? ', masked' : ''}`;
  const bounds = composeShader(
    `shaders/neighbors-bounds.wgsl (${of}, ${isBothWays ? 'both ways' : 'one way'})`,
    [...pieces, ...tile.pieces, boundsWgsl],
    { ...tile.constants, IS_MASKED: isMasked ? 1 : 0, BOTH_WAYS: isBothWays ? 1 : 0 },
    { tile: tile.snippet },
  );
  // Groups of a few invocations spread few queries over the threads of a software adapter.
  const selectGroup = gpu.adapter.isFallback ? 4 : 64;
  const select = composeShader(
    `shaders/neighbors-select.wgsl (${of})`,
    [...pieces, pairDistance, heap, selectWgsl],
    {
      ...tile.constants,
      SELECT_GROUP: selectGroup,
      IS_MASKED: isMasked ? 1 : 0,
      LARGEST_IS_NEAREST: metric.nearest === 'largest' ? 1 : 0,
    },
  );
  const [boundDistances, selectNearest, sortNearest] = await Promise.all([
    getKernel(gpu.device, bounds, 'boundDistances'),
    getKernel(gpu.device, select, 'selectNearest'),
    getKernel(gpu.device, SORT, 'sortNearest'),
  ]);
  return { boundDistances, selectNearest, sortNearest, selectGroup };
}
