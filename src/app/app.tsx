import { useComputedColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { LabDoor } from './lab/lab-door.tsx';
import { DropOverlay } from './panels/drop-overlay.tsx';
import { EmptyPage } from './panels/empty-page.tsx';
import { JobStrip } from './panels/job-strip.tsx';
import { MapPanel } from './panels/map-panel.tsx';
import { Notices } from './panels/notices.tsx';
import { SidePanel } from './panels/side-panel.tsx';
import { StatusLine } from './panels/status-line.tsx';
import { TopBar } from './panels/top-bar.tsx';
import { PlaygroundDoor } from './playground/playground-door.tsx';
import { useApp, writeApp } from './store.ts';
import { usePaste } from './use-paste.ts';
import { useShortcuts } from './use-shortcuts.ts';

export function App() {
  const empty = useApp((state) => state.count === 0);
  const restoring = useApp((state) => state.restoring);
  const panel = useApp((state) => state.panel);
  const comparing = useApp((state) => state.comparing);
  const matrix = useApp((state) => state.matrix);
  const theme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  usePaste();
  useShortcuts();

  useEffect(() => {
    writeApp({ theme });
  }, [theme]);

  return (
    <div
      className="app"
      data-empty={empty || undefined}
      data-panel={panel}
      data-comparing={comparing || matrix || undefined}
      data-matrix={matrix || undefined}
    >
      <TopBar />
      <main className="stage" aria-label="Map of the collection">
        {restoring ? null : empty ? <EmptyPage /> : <MapPanel />}
        <JobStrip />
      </main>
      {!empty && panel !== 'closed' && <SidePanel />}
      <StatusLine />
      <PlaygroundDoor />
      <LabDoor />
      <Notices />
      <DropOverlay />
    </div>
  );
}
