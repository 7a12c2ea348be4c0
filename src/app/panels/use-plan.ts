import { useEffect, useState } from 'react';
import { costs, knownLayout, knowsNeighbors } from '../compare/layouts.ts';
import { membersOf } from '../compare/members.ts';
import { type Plan, planOf } from '../compare/plan.ts';
import type { PaneSetting } from '../compare/setting.ts';
import { messageOf } from '../jobs.ts';
import { useApp } from '../store.ts';

/**
 * What going from one setting to another would compute; undefined until it is known.
 *
 * @param kept whether the map is kept where panes' layouts are not
 */
export function usePlan(from: PaneSetting, to: PaneSetting, kept = false): Plan | undefined {
  const revision = useApp((state) => state.revision);
  const [plan, setPlan] = useState<Plan>();
  const key = JSON.stringify([from, to]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: settings are new objects at every look, and the key says what is in them
  useEffect(() => {
    let gone = false;
    membersOf(to).then(
      ({ ids, set, unembedded }) => {
        if (gone) return;
        const known = {
          n: ids.length,
          dimension: set.dimension,
          layout: kept || knownLayout(to, ids) !== undefined,
          neighbors: knowsNeighbors(to, ids),
          unembedded,
        };
        setPlan(planOf(from, to, known, costs));
      },
      (error: unknown) => !gone && setPlan({ type: 'refused', text: messageOf(error) }),
    );
    return () => {
      gone = true;
    };
  }, [key, revision, kept]);
  return plan;
}
