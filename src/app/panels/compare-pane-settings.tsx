import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import { changePane, movePane } from '../compare/commands.ts';
import { modelName, type PaneSetting, paneLetter } from '../compare/setting.ts';
import type { ComparePane } from '../compare/state.ts';
import { varianceSentences } from '../compare/variance-words.ts';
import { useApp } from '../store.ts';
import { useModelsHere } from './compare-models.ts';
import { LayoutApply } from './layout-apply.tsx';
import { LayoutForm } from './layout-form.tsx';
import { SPACE_NAMES } from './map-tools.tsx';
import { usePlan } from './use-plan.ts';

/** Everything about a pane but its metric. Nothing is computed before "Apply". */
export function ComparePaneSettings({
  pane,
  index,
  count,
  onApplied,
}: {
  readonly pane: ComparePane;
  readonly index: number;
  readonly count: number;
  /** Hears that the pane shows something else from now on, or will. */
  readonly onApplied: () => void;
}) {
  const { setting, id, layout, progress } = pane;
  const [change, setChange] = useState<Partial<PaneSetting>>({});
  const draft: PaneSetting = { ...setting, ...change };
  const changed = JSON.stringify(draft) !== JSON.stringify(setting);
  const plan = usePlan(setting, draft);
  const more = (next: Partial<PaneSetting>) => setChange({ ...change, ...next });
  const hasVectors = useApp((state) => state.kinds.vector > 0);
  const hasOthers = useApp((state) => state.kinds.vector < state.count);
  const spaces = SPACE_NAMES.flatMap((space) =>
    space.value !== 'auto' && (space.value === 'vectors' ? hasVectors : hasOthers) ? [space] : [],
  );
  const shows = layout && progress.type === 'done' && varianceSentences(layout);
  return (
    <Stack gap="sm">
      <Model setting={draft} onChange={more} />
      <Select
        label="Space"
        size="xs"
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        value={draft.space}
        data={spaces}
        onChange={(value) => {
          const space = spaces.find((entry) => entry.value === value);
          if (space) more({ space: space.value });
        }}
      />
      <LayoutForm setting={draft} onChange={more} />
      {shows && !changed && <p className="layout-help">This map shows {shows}</p>}
      {count > 1 && (
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" flex={1}>
            Move pane
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconArrowLeft size={14} />}
            disabled={index === 0}
            onClick={() => movePane(id, -1)}
            aria-label={`Move pane ${paneLetter(index)} earlier`}
          >
            Earlier
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<IconArrowRight size={14} />}
            disabled={index === count - 1}
            onClick={() => movePane(id, 1)}
            aria-label={`Move pane ${paneLetter(index)} later`}
          >
            Later
          </Button>
        </Group>
      )}
      <LayoutApply
        changed={changed}
        plan={plan}
        onApply={() => {
          changePane(id, change);
          setChange({});
          onApplied();
        }}
        onDrop={() => setChange({})}
      />
    </Stack>
  );
}

function Model(props: {
  readonly setting: PaneSetting;
  readonly onChange: (change: Partial<PaneSetting>) => void;
}) {
  const { setting, onChange } = props;
  const models = useModelsHere();
  if (setting.space === 'vectors' || models.length < 2) return null;
  return (
    <Select
      label="Model"
      size="xs"
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      value={setting.model}
      data={models.map((model) => ({
        value: model.id,
        label: model.used ? modelName(model.id) : `${modelName(model.id)} (not used here yet)`,
      }))}
      onChange={(model) => model && onChange({ model })}
    />
  );
}
