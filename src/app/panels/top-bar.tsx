import {
  ActionIcon,
  Button,
  Menu,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconCpu,
  IconDots,
  IconFlask,
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
import { addSamples } from '../commands/add.ts';
import { clear } from '../commands/remove.ts';
import { act } from '../jobs.ts';
import { lab } from '../lab/address.ts';
import { lazyPanel } from '../parts/lazy-panel.tsx';
import { pickFiles, pickFolder } from '../pick-files.ts';
import { playground } from '../playground/address.ts';
import { useApp, writeApp } from '../store.ts';
import { Dialogs, openDialog } from './dialogs.tsx';
import { SearchBox } from './search-box.tsx';

/** Of the bar with something in the collection: all tools side by side take about 430 pixels. */
const NARROW = '(max-width: 480px)';

// Not needed at the first look.
const ExportMenu = lazyPanel(async () => (await import('./export-menu.tsx')).ExportMenu, {
  name: 'The export menu',
  fails: 'notice',
});

export function TopBar() {
  const empty = useApp((state) => state.count === 0);
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
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
        {!empty && <ExportMenu />}
        {narrow && !empty ? <MoreMenu /> : <OtherTools />}
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

interface OtherTool {
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  readonly Icon: typeof IconCpu;
  readonly onClick: () => void;
}

/** What has nothing to do with the map that is shown. */
function useOtherTools(): readonly OtherTool[] {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  return [
    { label: 'Models', shortcut: 'm', Icon: IconCpu, onClick: () => openDialog('models') },
    { label: 'Playground', shortcut: 'g', Icon: IconRuler2, onClick: () => playground.open() },
    { label: 'Lab', shortcut: 't', Icon: IconFlask, onClick: () => lab.open() },
    {
      label: dark ? 'Light theme' : 'Dark theme',
      Icon: dark ? IconSun : IconMoon,
      onClick: () => setColorScheme(dark ? 'light' : 'dark'),
    },
    { label: 'Keyboard and mouse', shortcut: '?', Icon: IconKeyboard, onClick: () => openDialog('help') },
  ];
}

function OtherTools() {
  return useOtherTools().map(({ label, shortcut, Icon, onClick }) => (
    <Tooltip key={label} label={shortcut ? `${label} (${shortcut})` : label}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={onClick}>
        <Icon size={20} />
      </ActionIcon>
    </Tooltip>
  ));
}

/** The same where the bar has no room for them. */
function MoreMenu() {
  const tools = useOtherTools();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="More">
          <IconDots size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {tools.map(({ label, Icon, onClick }) => (
          <Menu.Item key={label} leftSection={<Icon size={16} />} onClick={onClick}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
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
