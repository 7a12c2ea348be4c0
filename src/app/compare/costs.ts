/** How long the parts of a layout take on this device, as they were timed since the page was opened. */
import { defaultEpochs } from '../../projection/epochs.ts';
import type { LayoutSetting } from './setting.ts';

export type StepName = 'neighbors' | 'umap' | 'pca' | 'distances' | 'scaling';

/** A part of a layout, and how much there is to do: numbers grow in step with its time, and mean nothing beside another part's. */
export interface Step {
  readonly name: StepName;
  readonly work: number;
}

/** The parts of laying out n items in `dimension` dimensions, `landmarks` of them measured against all where they are too many. */
export function stepsOf(
  { projection, neighbors }: Pick<LayoutSetting, 'projection' | 'neighbors'>,
  n: number,
  dimension: number,
  landmarks = n,
): Step[] {
  switch (projection) {
    case 'umap':
      return [
        { name: 'neighbors', work: n * n * dimension },
        { name: 'umap', work: n * Math.min(neighbors, n - 1) * defaultEpochs(n) },
      ];
    case 'pca':
      return [{ name: 'pca', work: n * dimension }];
    case 'scaling':
      return [
        { name: 'distances', work: landmarks * n * dimension },
        { name: 'scaling', work: landmarks ** 3 },
      ];
  }
}

// Of a job much smaller, most of the time went into beginning: it tells little of this one.
const FARTHEST = 30;

export class Costs {
  private readonly last = new Map<StepName, { readonly work: number; readonly milliseconds: number }>();

  record({ name, work }: Step, milliseconds: number): void {
    this.last.set(name, { work, milliseconds });
  }

  /** Seconds for all these parts, going by the last time of each; undefined where one was not timed, or only on far less. */
  estimate(steps: readonly Step[]): number | undefined {
    let milliseconds = 0;
    for (const { name, work } of steps) {
      const last = this.last.get(name);
      if (!last || work > last.work * FARTHEST) return undefined;
      milliseconds += (last.milliseconds * work) / Math.max(1, last.work);
    }
    return milliseconds / 1000;
  }
}
