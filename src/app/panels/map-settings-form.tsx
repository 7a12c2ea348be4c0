import { Button, Select, Stack } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { arrange, changeSettings, mapBefore } from '../commands/arrange.ts';
import { mainSetting } from '../compare/main-setting.ts';
import { varianceSentences } from '../compare/variance-words.ts';
import { act } from '../jobs.ts';
import { METRICS } from '../metric-list.ts';
import { type MapSettings, useApp } from '../store.ts';
import { LayoutApply } from './layout-apply.tsx';
import { LayoutForm } from './layout-form.tsx';
import { SPACE_NAMES } from './map-tools.tsx';
import { usePlan } from './use-plan.ts';

/** How the map is made. Nothing is computed before "Apply". */
export function MapSettingsForm() {
  const settings = useApp((state) => state.settings);
  const placement = useApp((state) => state.placement);
  const hasVectors = useApp((state) => state.kinds.vector > 0);
  const [change, setChange] = useState<Partial<MapSettings>>({});
  const draft: MapSettings = { ...settings, ...change };
  const changed = JSON.stringify(draft) !== JSON.stringify(settings);
  const plan = usePlan(mainSetting(settings), mainSetting(draft), mapBefore(draft) !== undefined);
  const more = (next: Partial<MapSettings>) => setChange({ ...change, ...next });
  const shows = placement && varianceSentences(placement);
  return (
    <Stack gap="sm">
      <Select
        label="Space"
        size="xs"
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        value={draft.space}
        data={SPACE_NAMES.filter(({ value }) => value !== 'vectors' || hasVectors)}
        onChange={(value) => {
          const space = SPACE_NAMES.find((entry) => entry.value === value);
          if (space) more({ space: space.value });
        }}
      />
      <Select
        label="Metric"
        size="xs"
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        value={draft.metric}
        data={METRICS.map(({ id, label }) => ({ value: id, label }))}
        onChange={(value) => {
          const metric = METRICS.find((entry) => entry.id === value);
          if (metric) more({ metric: metric.id });
        }}
      />
      <LayoutForm setting={draft} onChange={more} />
      {shows && !changed && <p className="layout-help">This map shows {shows}</p>}
      <Button
        size="xs"
        variant="light"
        leftSection={<IconRefresh size={16} />}
        onClick={() => act(() => arrange({ fresh: true }))}
      >
        Lay out anew
      </Button>
      <LayoutApply
        changed={changed}
        plan={plan}
        onApply={() => {
          act(() => changeSettings(change));
          setChange({});
        }}
        onDrop={() => setChange({})}
      />
    </Stack>
  );
}
