import { Modal, Tabs } from '@mantine/core';
import { useState } from 'react';
import { askedPart, namePart } from './address.ts';
import { NeighborsTab } from './neighbors-tab.tsx';
import './playground.css';
import { StringsTab } from './strings-tab.tsx';
import { TwoPoints } from './two-points.tsx';

const PARTS = [
  { value: 'points', label: 'Two points', Content: TwoPoints },
  { value: 'neighbors', label: 'Neighbors', Content: NeighborsTab },
  { value: 'strings', label: 'Strings', Content: StringsTab },
] as const;

export interface PlaygroundProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** The metrics to play with, over the page, which stays as it is. Needs neither items nor a GPU. */
export function Playground({ opened, onClose }: PlaygroundProps) {
  const [part, setPart] = useState(askedPart);
  const shown = PARTS.find(({ value }) => value === part) ?? PARTS[0];
  const show = (value: string | null) => {
    if (value === null) return;
    setPart(value);
    namePart(value);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      fullScreen
      title="Metric playground"
      closeButtonProps={{ 'aria-label': 'Close the playground' }}
      classNames={{ content: 'pg', body: 'pg-body' }}
    >
      <Tabs value={shown.value} onChange={show}>
        <Tabs.List>
          {PARTS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {PARTS.map(({ value, Content }) => (
          <Tabs.Panel key={value} value={value} pt="sm">
            <Content />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Modal>
  );
}
