import {
  ActionIcon,
  Button,
  Menu,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import {
  IconCpu,
  IconFolder,
  IconGridDots,
  IconKeyboard,
  IconLayoutGrid,
  IconLayoutSidebarRight,
  IconMoon,
  IconPhoto,
  IconPlus,
  IconRuler2,
  IconSparkles,
  IconSun,
  IconTrash,
  IconTypography,
} from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { addSamples } from '../commands/add.ts';
import { clear } from '../commands/remove.ts';
import { act } from '../jobs.ts';
import { pickFiles, pickFolder } from '../pick-files.ts';
import { openPlayground } from '../playground/address.ts';
import { useApp, writeApp } from '../store.ts';
import { Dialogs, openDialog } from './dialogs.tsx';
import { SearchBox } from './search-box.tsx';

// Not needed at the first look.
const ExportMenu = lazy(async () => ({ default: (await import('./export-menu.tsx')).ExportMenu }));

export function TopBar() {
  const empty = useApp((state) => state.count === 0);
  return (
    <header className="top">
      <div className="brand">
        <img src="./icon.svg" alt="" />
        {/* On a phone the tools need the room. */}
        <span className={empty ? undefined : 'wide-only'}>Nearfield</span>
      </div>
      {!empty && <SearchBox />}
      <div className="top-actions" style={empty ? { marginLeft: 'auto' } : undefined}>
        {!empty && <AddMenu />}
        {!empty && <CompareToggle />}
        {!empty && <MatrixToggle />}
        {!empty && (
          <Suspense>
            <ExportMenu />
          </Suspense>
        )}
        <Tooltip label="Models (m)">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Models"
            onClick={() => openDialog('models')}
          >
            <IconCpu size={20} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Playground (g)">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Playground"
            onClick={openPlayground}
          >
            <IconRuler2 size={20} />
          </ActionIcon>
        </Tooltip>
        <ThemeToggle />
        <Tooltip label="Keyboard and mouse (?)">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            // A phone has neither, and needs the room.
            className="wide-only"
            aria-label="Keyboard and mouse"
            onClick={() => openDialog('help')}
          >
            <IconKeyboard size={20} />
          </ActionIcon>
        </Tooltip>
        {!empty && <PanelToggle />}
      </div>
      <Dialogs />
    </header>
  );
}

function AddMenu() {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="sm" leftSection={<IconPlus size={17} />}>
          Add
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPhoto size={16} />} onClick={() => act(pickFiles)}>
          Files…
        </Menu.Item>
        <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => act(pickFolder)}>
          Folder…
        </Menu.Item>
        <Menu.Item leftSection={<IconTypography size={16} />} onClick={() => openDialog('words')}>
          Words…
        </Menu.Item>
        <Menu.Item leftSection={<IconSparkles size={16} />} onClick={() => act(() => addSamples())}>
          The sample set
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => act(() => clear())}>
          Clear the collection
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function CompareToggle() {
  const comparing = useApp((state) => state.comparing);
  const ready = useApp((state) => state.placement !== undefined);
  return (
    <Tooltip label="Compare metrics, models and projections (c)">
      <ActionIcon
        variant={comparing ? 'light' : 'subtle'}
        color={comparing ? 'indigo' : 'gray'}
        size="lg"
        aria-label="Compare"
        aria-pressed={comparing}
        disabled={!ready}
        onClick={() => act(async () => (await import('../compare/commands.ts')).toggleCompare())}
      >
        <IconLayoutGrid size={20} />
      </ActionIcon>
    </Tooltip>
  );
}

function MatrixToggle() {
  const shown = useApp((state) => state.matrix);
  const ready = useApp((state) => state.placement !== undefined);
  return (
    <Tooltip label="All distances as a matrix (x)">
      <ActionIcon
        variant={shown ? 'light' : 'subtle'}
        color={shown ? 'indigo' : 'gray'}
        size="lg"
        aria-label="Matrix"
        aria-pressed={shown}
        disabled={!ready}
        onClick={() => act(async () => (await import('../matrix/commands.ts')).toggleMatrix())}
      >
        <IconGridDots size={20} />
      </ActionIcon>
    </Tooltip>
  );
}

function ThemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  const label = dark ? 'Light theme' : 'Dark theme';
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={20} /> : <IconMoon size={20} />}
      </ActionIcon>
    </Tooltip>
  );
}

function PanelToggle() {
  const open = useApp((state) => state.panel !== 'closed');
  return (
    <Tooltip label={open ? 'Hide the side panel' : 'Show the side panel'}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Side panel"
        aria-pressed={open}
        onClick={() => writeApp({ panel: open ? 'closed' : 'details' })}
      >
        <IconLayoutSidebarRight size={20} />
      </ActionIcon>
    </Tooltip>
  );
}
