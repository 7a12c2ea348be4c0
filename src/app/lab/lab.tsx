import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import './lab.css';
import { chooseStartingSize } from './drafts.ts';
import { LabMap } from './lab-map.tsx';
import { LabPanels } from './lab-panels.tsx';
import { startProbing } from './probing.ts';
import { RunColumn } from './run-column.tsx';
import { pause } from './runs.ts';
import { useLabKeys } from './use-lab-keys.ts';

export interface LabProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Models that learn, over the page, which stays as it is. Needs neither items nor a GPU. */
export function Lab({ opened, onClose }: LabProps) {
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      fullScreen
      closeOnEscape={false}
      classNames={{ content: 'lab' }}
    >
      <Modal.Content>
        {/* A header of its own would be a second banner of the page. */}
        <Modal.Header className="lab-header" role="group">
          <Modal.Title>Lab</Modal.Title>
          <span className="lab-about">
            Models learn here, in the page, from a made-up world of six modalities or from pictures. Nothing
            leaves your machine.
          </span>
          <Modal.CloseButton aria-label="Close the lab" />
        </Modal.Header>
        <Modal.Body className="lab-body">
          <Content />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Mounted while the lab is open; runs stand while it is closed. */
function Content() {
  useLabKeys();
  useEffect(() => {
    void chooseStartingSize();
    const endProbing = startProbing();
    return () => {
      endProbing();
      pause();
    };
  }, []);
  return (
    <>
      <RunColumn />
      <LabMap />
      <LabPanels />
    </>
  );
}
