import type { Job } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { Near } from '../commands/measure.ts';
import { rowsOf } from '../rows-of.ts';
import { engine } from '../services.ts';
import { membersOf } from './members.ts';
import type { PaneSetting } from './setting.ts';

/** The exact nearest items to one under a pane's metric in its space, nearest first; undefined where the pane does not have it. */
export async function nearestInPane(
  setting: PaneSetting,
  id: Id,
  count: number,
  job: Job,
): Promise<readonly Near[] | undefined> {
  const { ids, set } = await membersOf(setting);
  const row = ids.indexOf(id);
  if (row < 0) return undefined;
  if (ids.length < 2) return [];
  const k = Math.min(count + 1, ids.length);
  const { indices, distances } = await (await engine()).neighbors(
    set,
    { metric: setting.metric, k, queries: rowsOf(set, [row]) },
    job,
  );
  return Array.from(indices, (index, at) => ({ id: ids[index] ?? '', distance: distances[at] ?? 0 }))
    .filter((near) => near.id !== id && near.id !== '')
    .slice(0, count);
}
