import distancesWgsl from '../../shaders/distances.wgsl?raw';
import neverNear from '../../shaders/lib/never-near.wgsl?raw';
import pairDistance from '../../shaders/lib/pair-distance.wgsl?raw';
import rowsFloat16 from '../../shaders/lib/rows-float16.wgsl?raw';
import rowsFloat32 from '../../shaders/lib/rows-float32.wgsl?raw';
import sums from '../../shaders/lib/sums.wgsl?raw';
import { composeShader, type Shader } from '../gpu/shader.ts';
import type { Metric } from './catalogue.ts';
import type { Storage } from './engine.ts';
import type { Tile } from './tile.ts';

/** The WGSL that every kernel joins before its own: the metric's operation, how rows are stored, how sums are kept accurate. */
export function metricPieces(metric: Metric, storage: Storage): string[] {
  const pieces = [metric.wgsl, storage === 'float16' ? rowsFloat16 : rowsFloat32, sums];
  if (!metric.wgsl.includes('fn isNear')) pieces.push(neverNear);
  return pieces;
}

/** The kernel that measures blocks of distances, with this tile. */
export function distancesShader(metric: Metric, storage: Storage, tile: Tile): Shader {
  return composeShader(
    `shaders/distances.wgsl (${metric.id}, ${storage}, ${tile.name})`,
    [...metricPieces(metric, storage), pairDistance, ...tile.pieces, distancesWgsl],
    tile.constants,
    { tile: tile.snippet },
  );
}
