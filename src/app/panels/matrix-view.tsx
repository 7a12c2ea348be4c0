import { Button, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { act } from '../jobs.ts';
import { bindMatrix } from '../matrix/bind-matrix.ts';
import { retryMatrix } from '../matrix/commands.ts';
import { type MatrixProgress, useMatrix } from '../matrix/state.ts';
import { MatrixBar } from './matrix-bar.tsx';
import { MatrixCell } from './matrix-cell.tsx';
import { MatrixLegend } from './matrix-legend.tsx';
import './matrix.css';

/** All distances between the items of a space, as a picture. */
export function MatrixView() {
  const host = useRef<HTMLDivElement>(null);
  const progress = useMatrix((state) => state.progress);
  const empty = useMatrix((state) => state.shown === undefined);

  useEffect(() => {
    const container = host.current;
    if (!container) return;
    const controller = new AbortController();
    act(() => bindMatrix(container, controller.signal));
    return () => controller.abort();
  }, []);

  return (
    <section className="matrix" aria-label="Distance matrix" aria-busy={progress.type === 'working'}>
      <MatrixBar />
      <div
        className="matrix-plot"
        data-stale={progress.type !== 'done' || undefined}
        data-empty={empty || undefined}
        ref={host}
      />
      <div className="matrix-progress" role="status">
        <ProgressOf progress={progress} empty={empty} />
      </div>
      <MatrixLegend />
      <MatrixCell />
    </section>
  );
}

function ProgressOf({ progress, empty }: { readonly progress: MatrixProgress; readonly empty: boolean }) {
  switch (progress.type) {
    case 'done':
      return null;
    case 'working':
      return empty ? <Text size="sm">Measuring…</Text> : null;
    case 'few':
      return (
        <Text size="sm">A matrix needs two items in this space. Add some, or choose another space.</Text>
      );
    case 'stopped':
      return (
        <>
          <Text size="sm">Stopped</Text>
          <Button size="compact-xs" onClick={retryMatrix}>
            Make it
          </Button>
        </>
      );
    case 'failed':
      return (
        <>
          <Text size="sm">{progress.reason}</Text>
          <Button size="compact-xs" onClick={retryMatrix}>
            Try again
          </Button>
        </>
      );
  }
}
