import type { Job } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { Neighbors } from '../../metrics/engine.ts';
import { extendNeighbors } from '../../metrics/extend-neighbors.ts';
import type { Members } from '../collection.ts';
import { engine, layoutWorker } from '../services.ts';
import { Kept } from './kept.ts';
import { layoutKey, neighborsKey, type PaneLayout, type PaneSetting } from './setting.ts';

// A layout of 10,000 items is about 0.1 MB beside its list of ids, neighbors of so many about 1.2 MB.
const layouts = new Kept<PaneLayout>(48);
const graphs = new Kept<Neighbors>(12);

/** The layout that a setting gave of these items, where it was made before. */
export function knownLayout(setting: PaneSetting, ids: readonly Id[]): PaneLayout | undefined {
  return layouts.get(layoutKey(setting), ids);
}

/** Lays the items out anew, so that the same setting and items give the same map whatever was there before; and keeps it. */
export async function makeLayout(setting: PaneSetting, members: Members, job: Job): Promise<PaneLayout> {
  const { ids, set } = members;
  const { projection, dimensions, seed, minDist } = setting;
  // One item has no neighbors and no directions.
  if (ids.length < 2) return { ids, positions: new Float32Array(ids.length * dimensions), dimensions };
  const worker = await layoutWorker();
  const made: PaneLayout =
    projection === 'pca'
      ? await worker
          .pca(set, dimensions, job)
          .then(({ positions, explained }) => ({ ids, positions, dimensions, explained }))
      : {
          ids,
          positions: await worker.umap(
            await graphOf(setting, members, job),
            { dimensions, seed, minDist },
            job,
          ),
          dimensions,
        };
  layouts.set(layoutKey(setting), ids, made);
  return made;
}

async function graphOf(setting: PaneSetting, { ids, set }: Members, job: Job): Promise<Neighbors> {
  const key = neighborsKey(setting);
  const known = graphs.get(key, ids);
  if (known) return known;
  const { metric, neighbors: k } = setting;
  const made = await extendNeighbors(await engine(), set, { metric, k }, job);
  graphs.set(key, ids, made);
  return made;
}
