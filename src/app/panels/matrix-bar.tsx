import { SegmentedControl, Select } from '@mantine/core';
import { IconSquareDashed } from '@tabler/icons-react';
import type { Linkage } from '../../compare/order/linkage.ts';
import { matrixOnScreen } from '../matrix/bind-matrix.ts';
import { changeMatrix, endMatrix } from '../matrix/commands.ts';
import { type OrderBy, useMatrix, writeMatrix } from '../matrix/state.ts';
import { METRICS } from '../metric-list.ts';
import { EndButton, Tool, ZoomTools } from '../parts/tool.tsx';
import { useApp } from '../store.ts';

const ORDERS: readonly { readonly value: OrderBy; readonly label: string }[] = [
  { value: 'cluster', label: 'By cluster' },
  { value: 'map', label: 'By place on the map' },
  { value: 'label', label: 'By label' },
  { value: 'added', label: 'As added' },
];

const LINKAGES: readonly { readonly value: Linkage; readonly label: string }[] = [
  { value: 'average', label: 'Average linkage' },
  { value: 'complete', label: 'Complete linkage' },
  { value: 'single', label: 'Single linkage' },
  { value: 'ward', label: 'Ward (Euclidean)' },
];

const METRIC_CHOICES = METRICS.map(({ id, label }) => ({ value: id, label }));

/** What the matrix shows, and in which order. */
export function MatrixBar() {
  const brushing = useMatrix((state) => state.brushing);
  return (
    <div className="matrix-bar">
      <Metrics />
      <Order />
      <div className="tool-group" role="toolbar" aria-label="Matrix">
        <Tool
          label="Drag selects a block (or Shift and drag)"
          pressed={brushing}
          onClick={() => writeMatrix({ brushing: !brushing })}
        >
          <IconSquareDashed size={18} />
        </Tool>
        <ZoomTools step={1.6} onScreen={matrixOnScreen} />
      </div>
      <EndButton className="matrix-end" onClick={endMatrix} />
    </div>
  );
}

function Metrics() {
  const setting = useMatrix((state) => state.setting);
  const { metric, other, showing, scale } = setting;
  const choose = (key: 'metric' | 'other') => (value: string | null) => {
    const chosen = METRICS.find(({ id }) => id === value);
    if (chosen) changeMatrix({ [key]: chosen.id });
  };
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="What the matrix shows"
        value={showing}
        data={[
          { value: 'one', label: 'One metric' },
          { value: 'triangles', label: 'Two' },
          { value: 'difference', label: 'Difference' },
        ]}
        onChange={(value) => {
          const next = value === 'triangles' || value === 'difference' ? value : 'one';
          // By their ranks two metrics of different units can be subtracted.
          if (next === 'difference') changeMatrix({ showing: next, scale: 'rank' });
          else if (showing === 'difference') changeMatrix({ showing: next, scale: 'distance' });
          else changeMatrix({ showing: next });
        }}
      />
      <Select
        size="xs"
        className="matrix-metric"
        aria-label={showing === 'one' ? 'Metric' : 'Metric above the diagonal'}
        allowDeselect={false}
        value={metric}
        data={METRIC_CHOICES}
        onChange={choose('metric')}
      />
      {showing !== 'one' && (
        <>
          <span className="matrix-word">{showing === 'triangles' ? 'above,' : 'less'}</span>
          <Select
            size="xs"
            className="matrix-metric"
            aria-label={showing === 'triangles' ? 'Metric below the diagonal' : 'Metric taken away'}
            allowDeselect={false}
            value={other}
            data={METRIC_CHOICES}
            onChange={choose('other')}
          />
          {showing === 'triangles' && <span className="matrix-word">below</span>}
        </>
      )}
      <SegmentedControl
        size="xs"
        aria-label="Scale of the colors"
        value={scale}
        data={[
          { value: 'distance', label: 'Distances' },
          { value: 'rank', label: 'Ranks' },
        ]}
        onChange={(value) => changeMatrix({ scale: value === 'rank' ? 'rank' : 'distance' })}
      />
    </>
  );
}

function Order() {
  const { order, linkage, metric } = useMatrix((state) => state.setting);
  const labelled = useApp((state) => state.labels !== undefined);
  return (
    <>
      <Select
        size="xs"
        className="matrix-order"
        aria-label="Order of the items"
        allowDeselect={false}
        value={order}
        data={ORDERS.map((choice) => ({ ...choice, disabled: choice.value === 'label' && !labelled }))}
        onChange={(value) => {
          const chosen = ORDERS.find((choice) => choice.value === value);
          if (chosen) changeMatrix({ order: chosen.value });
        }}
      />
      {order === 'cluster' && (
        <Select
          size="xs"
          className="matrix-order"
          aria-label="How clusters are joined"
          allowDeselect={false}
          value={linkage}
          data={LINKAGES.map((choice) => ({
            ...choice,
            disabled: choice.value === 'ward' && metric !== 'euclidean',
          }))}
          onChange={(value) => {
            const chosen = LINKAGES.find((choice) => choice.value === value);
            if (chosen) changeMatrix({ linkage: chosen.value });
          }}
        />
      )}
    </>
  );
}
