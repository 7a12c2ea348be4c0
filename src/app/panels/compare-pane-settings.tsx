import { Button, Group, NumberInput, SegmentedControl, Select, Slider, Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';
import { changePane, movePane } from '../compare/commands.ts';
import { modelName, paneLetter } from '../compare/setting.ts';
import type { ComparePane } from '../compare/state.ts';
import { useApp } from '../store.ts';
import { useModelsHere } from './compare-models.ts';
import { SPACE_NAMES } from './map-tools.tsx';

/** Everything about a pane but its metric. */
export function ComparePaneSettings({
  pane,
  index,
  count,
}: {
  readonly pane: ComparePane;
  readonly index: number;
  readonly count: number;
}) {
  const { setting, id } = pane;
  const hasVectors = useApp((state) => state.kinds.vector > 0);
  const hasOthers = useApp((state) => state.kinds.vector < state.count);
  const umap = setting.projection === 'umap';
  const spaces = SPACE_NAMES.flatMap((space) =>
    space.value !== 'auto' && (space.value === 'vectors' ? hasVectors : hasOthers) ? [space] : [],
  );
  return (
    <Stack gap="sm">
      <Model pane={pane} />
      <Select
        label="Space"
        size="xs"
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        value={setting.space}
        data={spaces}
        onChange={(value) => {
          const space = spaces.find((entry) => entry.value === value);
          if (space) changePane(id, { space: space.value });
        }}
      />
      <Group gap="xs" grow>
        <SegmentedControl
          size="xs"
          aria-label="Projection"
          value={setting.projection}
          onChange={(value) => changePane(id, { projection: value === 'pca' ? 'pca' : 'umap' })}
          data={[
            { value: 'umap', label: 'UMAP' },
            { value: 'pca', label: 'PCA' },
          ]}
        />
        <SegmentedControl
          size="xs"
          aria-label="Dimensions"
          value={String(setting.dimensions)}
          onChange={(value) => changePane(id, { dimensions: value === '3' ? 3 : 2 })}
          data={[
            { value: '2', label: '2D' },
            { value: '3', label: '3D' },
          ]}
        />
      </Group>
      {umap ? (
        <>
          <div>
            <Text size="sm">Neighbors that hold a point: {setting.neighbors}</Text>
            <Slider
              min={3}
              max={50}
              defaultValue={setting.neighbors}
              label={null}
              thumbLabel="Neighbors: few show fine detail, many the broad shape"
              onChangeEnd={(neighbors) => changePane(id, { neighbors })}
            />
          </div>
          <div>
            <Text size="sm">Room between close points: {setting.minDist}</Text>
            <Slider
              min={0}
              max={0.9}
              step={0.05}
              defaultValue={setting.minDist}
              label={null}
              thumbLabel="Minimal distance: 0 packs tightly, 0.9 spreads out"
              onChangeEnd={(minDist) => changePane(id, { minDist })}
            />
          </div>
          <NumberInput
            label="Seed"
            size="xs"
            min={0}
            max={2 ** 31}
            allowDecimal={false}
            value={setting.seed}
            onChange={(value) => typeof value === 'number' && changePane(id, { seed: value })}
          />
        </>
      ) : (
        <Text size="sm" c="var(--quiet)">
          PCA looks along the directions in which the vectors vary most. It has no metric; the pane's is that
          of its list of nearest items.
        </Text>
      )}
      {count > 1 && (
        <Group gap="xs" grow>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconArrowLeft size={14} />}
            disabled={index === 0}
            onClick={() => movePane(id, -1)}
            aria-label={`Move pane ${paneLetter(index)} back`}
          >
            Back
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<IconArrowRight size={14} />}
            disabled={index === count - 1}
            onClick={() => movePane(id, 1)}
            aria-label={`Move pane ${paneLetter(index)} on`}
          >
            On
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Model({ pane: { id, setting } }: { readonly pane: ComparePane }) {
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
      onChange={(model) => model && changePane(id, { model })}
    />
  );
}
