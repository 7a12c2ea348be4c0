import { ActionIcon, Button, Menu, Popover, Select, Tooltip } from '@mantine/core';
import { IconAdjustments, IconPlayerPlay, IconPlayerStop, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { changePane, removePane } from '../compare/commands.ts';
import { nameAmong } from '../compare/pane-names.ts';
import { type PaneSetting, paneLetter, SHORT_PROJECTION_NAMES } from '../compare/setting.ts';
import { type ComparePane, useCompare, usePaneSettings, writeCompare } from '../compare/state.ts';
import { varianceSentences } from '../compare/variance-words.ts';
import { METRICS } from '../metric-list.ts';
import { ComparePaneSettings } from './compare-pane-settings.tsx';

/** What a pane shows, and how to change that. */
export function ComparePaneHead(props: {
  readonly pane: ComparePane;
  readonly index: number;
  readonly count: number;
}) {
  const { pane, index, count } = props;
  const { setting, id, layout, progress } = pane;
  const shows = layout && progress.type === 'done' ? varianceSentences(layout) : undefined;
  const letter = paneLetter(index);
  const [opened, setOpened] = useState(false);
  return (
    <header className="compare-head">
      <span className="compare-letter" aria-hidden="true">
        {letter}
      </span>
      <Select
        size="xs"
        className="compare-metric"
        aria-label={`Metric of pane ${letter}`}
        rightSectionWidth={22}
        comboboxProps={{ width: 140, position: 'bottom-start' }}
        allowDeselect={false}
        value={setting.metric}
        data={METRICS.map(({ id: value, label }) => ({ value, label }))}
        onChange={(value) => {
          const chosen = METRICS.find((metric) => metric.id === value);
          if (chosen) changePane(id, { metric: chosen.id });
        }}
      />
      <Popover
        position="bottom-start"
        width={310}
        trapFocus
        returnFocus
        withinPortal
        opened={opened}
        onChange={setOpened}
        middlewares={{ shift: true, flip: false, size: true }}
      >
        <Popover.Target>
          <Button
            className="compare-made"
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Settings of pane ${letter}: ${madeHow(setting)}`}
            title={shows}
            onClick={() => setOpened(!opened)}
            leftSection={<IconAdjustments size={14} />}
          >
            {madeHow(setting)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown className="layout-dropdown">
          <ComparePaneSettings pane={pane} index={index} count={count} onApplied={() => setOpened(false)} />
        </Popover.Dropdown>
      </Popover>
      <span className="compare-room" />
      {count > 1 && <Play pane={pane} letter={letter} />}
      <Tooltip label="Remove this pane">
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={`Remove pane ${letter}`}
          onClick={() => removePane(id)}
        >
          <IconX size={15} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

const madeHow = ({ projection, dimensions }: PaneSetting): string =>
  `${SHORT_PROJECTION_NAMES[projection]} ${dimensions}D`;

/** Lets the pane's items go to their places in another pane and back. */
function Play({ pane, letter }: { readonly pane: ComparePane; readonly letter: string }) {
  // Not the panes themselves: they change with every step of what is computed.
  const ids = useCompare(useShallow((state) => state.panes.map(({ id }) => id)));
  const there = useCompare(useShallow((state) => state.panes.map(({ shown }) => shown !== undefined)));
  const settings = usePaneSettings();
  const playing = useCompare((state) => state.playing?.from === pane.id);
  const others = settings.flatMap((setting, index) => {
    const id = ids[index];
    if (id === undefined || id === pane.id) return [];
    return { id, setting, isThere: there[index] ?? false, letter: paneLetter(index) };
  });
  const play = (to: number) => writeCompare({ playing: { from: pane.id, to } });
  const [only] = others;
  const [opened, setOpened] = useState(false);
  const button = (
    <ActionIcon
      size="sm"
      variant="subtle"
      color="gray"
      disabled={!pane.shown}
      aria-label={playing ? `Stop playing pane ${letter}` : `Play pane ${letter} into another`}
      {...(playing
        ? { onClick: () => writeCompare({ playing: undefined }) }
        : others.length === 1 && only && { onClick: () => play(only.id) })}
    >
      {playing ? <IconPlayerStop size={15} /> : <IconPlayerPlay size={15} />}
    </ActionIcon>
  );
  if (others.length === 1) {
    return (
      <Tooltip label={playing ? 'Stop (Esc)' : `See what moves from ${letter} to ${only?.letter}`}>
        {button}
      </Tooltip>
    );
  }
  return (
    <Menu
      position="bottom-end"
      withinPortal
      // The button stays the same one while it plays, so that it keeps the focus.
      opened={opened && !playing}
      onChange={(opens) => setOpened(opens && !playing)}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>See what moves from {letter} to</Menu.Label>
        {others.map((other) => (
          <Menu.Item key={other.id} disabled={!other.isThere} onClick={() => play(other.id)}>
            {other.letter}: {nameAmong(other.setting, settings)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
