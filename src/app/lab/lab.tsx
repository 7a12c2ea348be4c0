import { Modal, Tabs } from '@mantine/core';
import { useEffect } from 'react';
import { chooseRecipe } from './drafts.ts';
import './lab.css';
import { LabMaps } from './lab-map.tsx';
import { FormulaPanel } from './panels/formula-panel.tsx';
import { LossPanel } from './panels/loss-panel.tsx';
import { PicturesPanel } from './panels/pictures-panel.tsx';
import { ProbesPanel } from './panels/probes-panel.tsx';
import { presetOf } from './presets.ts';
import { startProbing } from './probing.ts';
import { RunBar } from './run-bar.tsx';
import { RunForm } from './run-form.tsx';
import { pause, stepOnce, train } from './runs.ts';
import { readLab, useLab } from './state.ts';
import { ViewBar } from './view-bar.tsx';
import { WorldPage } from './world-page.tsx';

const PANELS = [
  { value: 'loss', label: 'Loss', Panel: LossPanel },
  { value: 'probes', label: 'Probes', Panel: ProbesPanel },
  { value: 'pictures', label: 'Pictures', Panel: PicturesPanel },
  { value: 'formula', label: 'Formula', Panel: FormulaPanel },
] as const;

export interface LabProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Models learning, over the page, which stays as it is. Needs neither items nor a GPU. */
export function Lab({ opened, onClose }: LabProps) {
  const runs = useLab((state) => state.runs);
  const preset = presetOf(useLab((state) => state.preset));
  const names: readonly [string, string] = [preset ? 'As it should be' : 'Run', preset?.change ?? 'Changed'];
  useEffect(() => {
    if (readLab().drafts.length === 0) chooseRecipe('simclr');
    return startProbing();
  }, []);
  useKeys(opened);
  const close = () => {
    // What nobody sees is not worth the power.
    pause();
    onClose();
  };
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      fullScreen
      keepMounted={false}
      closeOnEscape={false}
      classNames={{ content: 'lab' }}
    >
      <Modal.Content>
        <Modal.Header className="lab-header" role="group">
          <Modal.Title>Lab</Modal.Title>
          <Modal.CloseButton aria-label="Close the lab" />
        </Modal.Header>
        <Modal.Body className="lab-body">
          <div className="lab-side">
            <RunBar />
            <RunForm />
          </div>
          <div className="lab-stage">
            {runs.length === 0 ? (
              <WorldPage />
            ) : (
              <>
                <ViewBar />
                <LabMaps names={names} />
              </>
            )}
          </div>
          {runs.length > 0 && (
            <Tabs className="lab-panels" defaultValue="loss" keepMounted={false}>
              <Tabs.List>
                {PANELS.map(({ value, label }) => (
                  <Tabs.Tab key={value} value={value}>
                    {label}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              {PANELS.map(({ value, Panel }) => (
                <Tabs.Panel key={value} value={value} className="lab-panel">
                  <Panel runs={runs} names={names} />
                </Tabs.Panel>
              ))}
            </Tabs>
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Space starts and pauses, s takes one step. */
function useKeys(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    const onKey = (event: KeyboardEvent): void => {
      const { target, ctrlKey, metaKey, altKey } = event;
      if (event.defaultPrevented || ctrlKey || metaKey || altKey || isWorked(target)) return;
      if (event.key === ' ') {
        const isGoing = readLab().runs.some(({ status }) => status.type === 'running');
        if (isGoing) pause();
        else train();
      } else if (event.key === 's') stepOnce();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [opened]);
}

/** Whether the key is for what has the focus. */
function isWorked(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.closest('button, input, select, textarea, a, [role="slider"], [role="tab"]') !== null;
}
