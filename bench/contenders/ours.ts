import type { MetricEngine } from '../../src/metrics/engine.ts';
import type { Contender } from '../measure.ts';

/** An engine of ours, and what the table calls it. */
export interface Ours {
  readonly name: string;
  readonly engine: MetricEngine;
}

/** The first is what the others are compared with. */
export const OURS_WEBGPU = 'Nearfield, WebGPU';
export const OURS_CPU = 'Nearfield, CPU worker';

export function ourContenders<Result>(
  ours: readonly Ours[],
  call: (engine: MetricEngine) => Promise<Result>,
): Contender<Result>[] {
  return ours.map(({ name, engine }) => ({ name, run: () => call(engine) }));
}
