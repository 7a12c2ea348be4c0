import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import {
  IconDownload,
  IconFileText,
  IconListNumbers,
  IconMapPins,
  IconPhoto,
  IconTable,
  IconVectorTriangle,
} from '@tabler/icons-react';
import type { ExportKind } from '../handle.ts';
import { act } from '../jobs.ts';
import { useApp } from '../store.ts';

const PICTURES = [
  { kind: 'png', label: 'Picture (PNG)', Icon: IconPhoto },
  { kind: 'svg', label: 'Drawing (SVG)', Icon: IconVectorTriangle },
] as const;

const TABLES = [
  { kind: 'positions', label: 'Positions (CSV)', Icon: IconMapPins },
  { kind: 'neighbors', label: 'Neighbors (CSV)', Icon: IconListNumbers },
  { kind: 'distances', label: 'Distances (CSV)', Icon: IconTable },
] as const;

/** What is on the map, or on all panes of a comparison, as a file. */
export function ExportMenu() {
  const comparing = useApp((state) => state.comparing);
  const ready = useApp((state) => state.placement !== undefined);
  return (
    <Menu position="bottom-end" withinPortal>
      <Tooltip label="Export">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Export" disabled={!ready}>
            <IconDownload size={20} />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Label>{comparing ? 'All panes as' : 'The map as'}</Menu.Label>
        <Entries of={PICTURES} />
        <Menu.Divider />
        <Entries of={TABLES} />
        <Menu.Divider />
        <Entries of={[{ kind: 'report', label: 'Report with all numbers (HTML)', Icon: IconFileText }]} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Entries(props: {
  readonly of: readonly {
    readonly kind: ExportKind;
    readonly label: string;
    readonly Icon: typeof IconPhoto;
  }[];
}) {
  return props.of.map(({ kind, label, Icon }) => (
    <Menu.Item
      key={kind}
      leftSection={<Icon size={16} />}
      onClick={() => act(async () => (await import('../export/commands.ts')).download(kind))}
    >
      {label}
    </Menu.Item>
  ));
}
