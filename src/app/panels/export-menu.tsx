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
import type { ExportKind, ExportView } from '../handle.ts';
import { act } from '../jobs.ts';
import { useMatrix } from '../matrix/state.ts';
import { useMeasures } from '../measures/state.ts';
import { useApp } from '../store.ts';

const PICTURES = [
  { kind: 'png', label: 'Picture (PNG)', Icon: IconPhoto },
  { kind: 'svg', label: 'Drawing (SVG)', Icon: IconVectorTriangle },
] as const;

const DISTANCES = [{ kind: 'distances', label: 'Distances (CSV)', Icon: IconTable }] as const;

const TABLES = [
  { kind: 'positions', label: 'Positions (CSV)', Icon: IconMapPins },
  { kind: 'neighbors', label: 'Neighbors (CSV)', Icon: IconListNumbers },
  ...DISTANCES,
] as const;

/** What is on the map, or on all panes of a comparison, and what else is shown, as a file. */
export function ExportMenu() {
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
        <ExportEntries />
      </Menu.Dropdown>
    </Menu>
  );
}

function ExportEntries() {
  const comparing = useApp((state) => state.comparing);
  const matrix = useMatrix((state) => state.shown !== undefined);
  const measures = useApp((state) => state.panel === 'measures');
  const part = useMeasures((state) => state.part);
  return (
    <>
      {matrix && <Pictures what="The matrix" view="matrix" />}
      {measures && part === 'honesty' && <Pictures what="The Shepard diagram" view="shepard" />}
      {measures && part === 'space' && <Pictures what="The histograms" view="histogram" />}
      <Pictures what={comparing ? 'All panes' : 'The map'} view="map" />
      <Entries of={TABLES} />
      <Menu.Divider />
      <Entries of={[{ kind: 'report', label: 'Report with all numbers (HTML)', Icon: IconFileText }]} />
    </>
  );
}

function Pictures({ what, view }: { readonly what: string; readonly view: ExportView }) {
  return (
    <>
      <Menu.Label>{what} as</Menu.Label>
      <Entries
        of={[...PICTURES, ...(view === 'matrix' ? DISTANCES : [])].map((entry) => ({
          ...entry,
          view,
          name: `${entry.label}: ${what}`,
        }))}
      />
      <Menu.Divider />
    </>
  );
}

function Entries(props: {
  readonly of: readonly {
    readonly kind: ExportKind;
    readonly view?: ExportView;
    readonly label: string;
    /** Where others have the same label: with what it is of. */
    readonly name?: string;
    readonly Icon: typeof IconPhoto;
  }[];
}) {
  return props.of.map(({ kind, view = 'map', label, name = label, Icon }) => (
    <Menu.Item
      key={kind}
      aria-label={name}
      leftSection={<Icon size={16} />}
      onClick={() => act(async () => (await import('../export/commands.ts')).download(kind, { view }))}
    >
      {label}
    </Menu.Item>
  ));
}
