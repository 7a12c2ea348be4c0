import { Tabs } from '@mantine/core';
import { useShallow } from 'zustand/react/shallow';
import { FormulaPanel } from './panels/formula-panel.tsx';
import { LossPanel } from './panels/loss-panel.tsx';
import { PicturesPanel } from './panels/pictures-panel.tsx';
import { ProbesPanel } from './panels/probes-panel.tsx';
import { runNames } from './run-names.ts';
import { PANEL_IDS, useLab, writeLab } from './state.ts';

const PANELS = [
  { value: 'loss', label: 'Loss', Panel: LossPanel },
  { value: 'probes', label: 'Probes', Panel: ProbesPanel },
  { value: 'pictures', label: 'Matrices', Panel: PicturesPanel },
  { value: 'formula', label: 'Formula', Panel: FormulaPanel },
] as const;

/** What is measured of the runs, a panel at a time. */
export function LabPanels() {
  const { runs, panel } = useLab(useShallow(({ runs, panel }) => ({ runs, panel })));
  const [first, second] = runs;
  if (!first) return null;
  const names = second && runNames(first.settings, second.settings);
  return (
    <aside className="lab-measures" aria-label="Measures">
      <Tabs
        value={panel}
        onChange={(value) => {
          const chosen = PANEL_IDS.find((id) => id === value);
          if (chosen) writeLab({ panel: chosen });
        }}
        keepMounted={false}
      >
        <Tabs.List>
          {PANELS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {PANELS.map(({ value, Panel }) => (
          <Tabs.Panel key={value} value={value}>
            <Panel runs={runs} {...(names && { names })} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </aside>
  );
}
