import neverNear from '../../shaders/lib/never-near.wgsl?raw';
import rowsFloat16 from '../../shaders/lib/rows-float16.wgsl?raw';
import rowsFloat32 from '../../shaders/lib/rows-float32.wgsl?raw';
import sums from '../../shaders/lib/sums.wgsl?raw';
import type { Metric } from './catalogue.ts';
import type { Storage } from './engine.ts';

/** The WGSL that every kernel joins before its own: the metric's operation, how rows are stored, how sums are kept accurate. */
export function metricPieces(metric: Metric, storage: Storage): string[] {
  const pieces = [metric.wgsl, storage === 'float16' ? rowsFloat16 : rowsFloat32, sums];
  if (!metric.wgsl.includes('fn isNear')) pieces.push(neverNear);
  return pieces;
}
