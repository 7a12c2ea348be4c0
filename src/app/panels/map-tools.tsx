import {
  ActionIcon,
  Button,
  NumberInput,
  Popover,
  SegmentedControl,
  Select,
  Slider,
  Stack,
  Text,
  Tooltip,
} from '@mantine/core';
import {
  IconAdjustments,
  IconHandStop,
  IconLasso,
  IconMaximize,
  IconMinus,
  IconPlus,
  IconRefresh,
  IconSquareDashed,
} from '@tabler/icons-react';
import { arrange, changeSettings } from '../commands/arrange.ts';
import { act } from '../jobs.ts';
import { METRICS } from '../metric-list.ts';
import { shownMap } from '../shown-map.ts';
import { useApp, writeApp } from '../store.ts';

const TOOLS = [
  { value: 'navigate', label: 'Move around', Icon: IconHandStop },
  { value: 'box', label: 'Select with a box', Icon: IconSquareDashed },
  { value: 'lasso', label: 'Select with a lasso', Icon: IconLasso },
] as const;

export function MapTools() {
  const dimensions = useApp((state) => state.settings.dimensions);
  return (
    <div className="map-tools">
      <SegmentedControl
        size="xs"
        aria-label="Dimensions of the map"
        value={String(dimensions)}
        onChange={(value) => act(() => changeSettings({ dimensions: value === '3' ? 3 : 2 }))}
        data={[
          { value: '2', label: '2D' },
          { value: '3', label: '3D' },
        ]}
      />
      <PointerTools />
      <Settings />
    </div>
  );
}

/** How a drag acts, and zooming; for one map or several. */
export function PointerTools() {
  const tool = useApp((state) => state.tool);
  return (
    <>
      <div className="tool-group" role="toolbar" aria-label="Pointer">
        {TOOLS.map(({ value, label, Icon }) => (
          <Tool key={value} label={label} pressed={tool === value} onClick={() => writeApp({ tool: value })}>
            <Icon size={18} />
          </Tool>
        ))}
      </div>
      <div className="tool-group" role="toolbar" aria-label="Zoom">
        <Tool label="Zoom in" onClick={() => shownMap()?.zoomBy(1.4)}>
          <IconPlus size={18} />
        </Tool>
        <Tool label="Zoom out" onClick={() => shownMap()?.zoomBy(1 / 1.4)}>
          <IconMinus size={18} />
        </Tool>
        <Tool label="Fit everything (0)" onClick={() => shownMap()?.fitAll()}>
          <IconMaximize size={18} />
        </Tool>
      </div>
    </>
  );
}

function Tool(props: {
  readonly label: string;
  readonly pressed?: boolean;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        variant={props.pressed ? 'filled' : 'subtle'}
        color={props.pressed ? 'indigo' : 'gray'}
        aria-label={props.label}
        {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })}
        onClick={props.onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

export const SPACE_NAMES = [
  { value: 'auto', label: 'What suits the items' },
  { value: 'joint', label: 'Pictures and words together' },
  { value: 'picture', label: 'How pictures look' },
  { value: 'text', label: 'What words mean' },
  { value: 'vectors', label: 'Loaded vectors' },
] as const;

function Settings() {
  const settings = useApp((state) => state.settings);
  const hasVectors = useApp((state) => state.kinds.vector > 0);
  return (
    <Popover position="bottom-start" width={300} trapFocus withinPortal>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<IconAdjustments size={16} />}>
          Map
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Select
            label="Space"
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            value={settings.space}
            data={SPACE_NAMES.filter(({ value }) => value !== 'vectors' || hasVectors)}
            onChange={(value) => {
              const space = SPACE_NAMES.find((entry) => entry.value === value);
              if (space) act(() => changeSettings({ space: space.value }));
            }}
          />
          <Select
            label="Metric"
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            value={settings.metric}
            data={METRICS.map(({ id, label }) => ({ value: id, label }))}
            onChange={(value) => {
              const metric = METRICS.find((entry) => entry.id === value);
              if (metric) act(() => changeSettings({ metric: metric.id }));
            }}
          />
          <div>
            <Text size="sm">Neighbors that hold a point: {settings.neighbors}</Text>
            <Slider
              min={3}
              max={50}
              defaultValue={settings.neighbors}
              label={null}
              thumbLabel="Neighbors: few show fine detail, many the broad shape"
              onChangeEnd={(neighbors) => act(() => changeSettings({ neighbors }))}
            />
          </div>
          <div>
            <Text size="sm">Room between close points: {settings.minDist}</Text>
            <Slider
              min={0}
              max={0.9}
              step={0.05}
              defaultValue={settings.minDist}
              label={null}
              thumbLabel="Minimal distance: 0 packs tightly, 0.9 spreads out"
              onChangeEnd={(minDist) => act(() => changeSettings({ minDist }))}
            />
          </div>
          <NumberInput
            label="Seed"
            description="The same seed gives the same map"
            min={0}
            max={2 ** 31}
            allowDecimal={false}
            value={settings.seed}
            onChange={(value) => typeof value === 'number' && act(() => changeSettings({ seed: value }))}
          />
          <Button
            variant="light"
            leftSection={<IconRefresh size={16} />}
            onClick={() => act(() => arrange({ fresh: true }))}
          >
            Lay out anew
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
