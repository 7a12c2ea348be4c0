import { Select } from '@mantine/core';
import { useMemo } from 'react';
import type { Space } from '../../compare/measure-space.ts';
import {
  readConcentration,
  readContrast,
  readHubness,
  readIntrinsicDimension,
  readIsotropy,
  readOutliers,
} from '../../compare/readings.ts';
import type { Id } from '../../data/item.ts';
import type { MetricId } from '../../metrics/engine.ts';
import { useAnswer } from '../measures/ask.ts';
import { askSpace } from '../measures/questions.ts';
import { useMeasures, writeMeasures } from '../measures/state.ts';
import type { Subjects } from '../measures/subjects.ts';
import { histogramTable, spaceOfItemsTable, spaceTable } from '../measures/tables.ts';
import { useApp } from '../store.ts';
import { distanceText } from '../words.ts';
import { Asked, Quiet } from './measures-asked.tsx';
import { DistanceHistogram } from './measures-histogram.tsx';
import { ItemList } from './measures-items.tsx';
import { NearDuplicates } from './measures-pairs.tsx';
import { nameOf, SaveTable } from './measures-save.tsx';

/** What a space is like under one metric. */
export function MeasuresSpace({ subjects }: { readonly subjects: Subjects }) {
  const { metrics } = subjects;
  const wished = useMeasures((state) => state.spaceOf);
  const onMap = useApp((state) => state.settings.metric);
  const chosen =
    metrics.find(({ key }) => key === wished) ??
    metrics.find(({ setting }) => setting.metric === onMap) ??
    metrics[0];
  const items = chosen?.ids.length ?? 0;
  const asked = useAnswer(
    useMemo(() => (chosen && items > 2 ? askSpace(chosen) : undefined), [chosen, items]),
  );
  if (!chosen) return <Quiet>The panes are still being laid out.</Quiet>;
  return (
    <>
      <Select
        size="xs"
        aria-label="Metric of the space"
        allowDeselect={false}
        value={chosen.key}
        data={metrics.map(({ key, name }) => ({ value: key, label: name }))}
        onChange={(value) => writeMeasures({ spaceOf: value ?? undefined })}
      />
      <Asked asked={asked} items={items}>
        {(space) => <Answered space={space} ids={chosen.ids} metric={chosen.setting.metric} />}
      </Asked>
    </>
  );
}

function Answered(props: { readonly space: Space; readonly ids: readonly Id[]; readonly metric: MetricId }) {
  const { space, ids, metric } = props;
  const { distances, random, neighbors, isotropy, dimension } = space;
  const near = neighbors?.distances;
  return (
    <>
      <h3>Distances</h3>
      <DistanceHistogram space={space} />
      <p className="measures-reading">{readConcentration(distances, random)}</p>
      <p className="measures-reading">{readContrast(distances, random)}</p>
      <Quiet>
        {space.isEveryPair
          ? `Of all ${distances.spread.count.toLocaleString('en-US')} pairs.`
          : `A sample of ${distances.spread.count.toLocaleString('en-US')} pairs.`}
      </Quiet>
      <SaveTable
        what="The histogram"
        table={() => histogramTable(space)}
        diagram={{ view: 'histogram', metric }}
      />

      {neighbors && (
        <>
          <h3>Hubs</h3>
          <p className="measures-reading">{readHubness(neighbors.hubness)}</p>
          <ItemList
            isWhole
            label="Items that are near to many"
            ids={ids}
            rows={neighbors.hubness.hubs}
            numberOf={(row) => `${neighbors.hubness.occurrences[row] ?? 0} times`}
          />
          <ItemList
            isWhole
            label="Items that are nobody’s neighbor"
            ids={ids}
            rows={neighbors.hubness.antihubs}
          />
        </>
      )}
      {near && (
        <>
          <h3>Near-duplicates</h3>
          <NearDuplicates space={space} pairs={near.nearPairs} ids={ids} />
          <h3>Outliers</h3>
          <p className="measures-reading">{readOutliers(near.outliers)}</p>
          <ItemList
            isWhole={false}
            label="Items that are far from their nearest"
            ids={ids}
            rows={near.outliers.farthest}
            numberOf={(row) => distanceText(near.outliers.scores[row] ?? Number.NaN)}
          />
        </>
      )}
      <h3>Dimensions and directions</h3>
      {near && <p className="measures-reading">{readIntrinsicDimension(near.dimension, dimension)}</p>}
      {isotropy && <p className="measures-reading">{readIsotropy(isotropy, dimension)}</p>}
      <SaveTable what="These numbers" table={() => spaceTable(space)} />
      <SaveTable what="Every item" table={() => spaceOfItemsTable(space, ids, nameOf)} />
    </>
  );
}
