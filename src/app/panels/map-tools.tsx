import { Button, Popover, SegmentedControl } from '@mantine/core';
import { IconAdjustments, IconHandStop, IconLasso, IconSquareDashed } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { changeSettings } from '../commands/arrange.ts';
import { act } from '../jobs.ts';
import { Tool, ZoomTools } from '../parts/tool.tsx';
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
        <ZoomTools step={1.4} onScreen={shownMap} />
      </div>
    </>
  );
}

export const SPACE_NAMES = [
  { value: 'auto', label: 'What suits the items' },
  { value: 'joint', label: 'Pictures and words together' },
  { value: 'picture', label: 'How pictures look' },
  { value: 'text', label: 'What words mean' },
  { value: 'vectors', label: 'Loaded vectors' },
] as const;

/** Its form is fetched when it is first wanted, so that the page begins without. */
function Settings() {
  const [opened, setOpened] = useState(false);
  const [form, setForm] = useState<ReactNode>();
  const fetched = async () => {
    const { MapSettingsForm } = await import('./map-settings-form.tsx');
    setForm(<MapSettingsForm />);
  };
  return (
    <Popover
      position="bottom-start"
      width={310}
      trapFocus
      withinPortal
      middlewares={{ shift: true, flip: false, size: true }}
      opened={opened}
      onChange={setOpened}
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconAdjustments size={16} />}
          onClick={() =>
            act(async () => {
              if (!opened) await fetched();
              setOpened(!opened);
            })
          }
        >
          Map
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="layout-dropdown">{form}</Popover.Dropdown>
    </Popover>
  );
}
