import { Modal, Tabs } from '@mantine/core';
import { useState } from 'react';
import { playground } from './address.ts';
import { NeighborsTab } from './neighbors-tab.tsx';
import { PictureMenu } from './picture-menu.tsx';
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
  const [part, setPart] = useState(playground.asked);
  const shown = PARTS.find(({ value }) => value === part) ?? PARTS[0];
  const show = (value: string | null) => {
    if (value === null) return;
    setPart(value);
    playground.name(value);
  };
  return (
    <Modal.Root opened={opened} onClose={onClose} fullScreen classNames={{ content: 'pg' }}>
      <Modal.Content>
        <Tabs value={shown.value} onChange={show}>
          {/* A header of its own would be a second banner of the page. */}
          <Modal.Header className="pg-header" role="group">
            <Modal.Title>Metric playground</Modal.Title>
            <Tabs.List className="pg-tabs">
              {PARTS.map(({ value, label }) => (
                <Tabs.Tab key={value} value={value} data-autofocus={value === shown.value || undefined}>
                  {label}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <PictureMenu />
            <Modal.CloseButton aria-label="Close the playground" />
          </Modal.Header>
          <Modal.Body className="pg-body">
            {PARTS.map(({ value, Content }) => (
              <Tabs.Panel key={value} value={value}>
                <Content />
              </Tabs.Panel>
            ))}
          </Modal.Body>
        </Tabs>
      </Modal.Content>
    </Modal.Root>
  );
}
