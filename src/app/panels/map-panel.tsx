import { lazy, Suspense, useEffect, useRef } from 'react';
import { act } from '../jobs.ts';
import { bindMap } from '../map-binding.ts';
import { useApp } from '../store.ts';
import { onlyTakes } from '../takes.ts';
import { count } from '../words.ts';
import { HoverCard, HoverVoice } from './hover-card.tsx';
import { MapTools } from './map-tools.tsx';

// Most visits do not compare.
const CompareView = lazy(async () => ({ default: (await import('./compare-view.tsx')).CompareView }));
const MatrixView = lazy(async () => ({ default: (await import('./matrix-view.tsx')).MatrixView }));

const MeasuresLegend = lazy(async () => ({
  default: (await import('./measures-legend.tsx')).MeasuresLegend,
}));

export function MapPanel() {
  const host = useRef<HTMLDivElement>(null);
  const settling = useApp((state) => state.settling);
  const shown = useApp((state) => state.placement?.ids.length ?? 0);
  const total = useApp((state) => state.count);

  useEffect(() => {
    const container = host.current;
    if (!container) return;
    const controller = new AbortController();
    act(() => bindMap(container, controller.signal));
    return () => controller.abort();
  }, []);

  const busy = useApp((state) => state.jobs.length > 0);
  const outOfView = useApp((state) => state.outOfView);
  const hidden = busy ? 0 : total - shown;
  const only = onlyTakes(useApp((state) => state.model));
  const comparing = useApp((state) => state.comparing);
  const matrix = useApp((state) => state.matrix);
  const painted = useApp((state) => state.coloring !== undefined);
  return (
    <>
      {/* Hidden it draws nothing, and stays what it was. */}
      <div className="map-host" ref={host} hidden={comparing} />
      {comparing ? (
        <Suspense>
          <CompareView />
        </Suspense>
      ) : (
        <>
          <MapTools />
          <div className="map-caption">
            {captionOf(settling, outOfView, shown > 0 || only ? hidden : 0, shown > 0 ? '' : only)}
          </div>
        </>
      )}
      {painted && (
        <Suspense>
          <MeasuresLegend />
        </Suspense>
      )}
      <HoverCard />
      {matrix ? (
        <Suspense>
          <MatrixView />
        </Suspense>
      ) : (
        // The matrix says its cells itself.
        <HoverVoice />
      )}
    </>
  );
}

function captionOf(settling: boolean, outOfView: boolean, hidden: number, only: string): string {
  if (settling) return 'Settling…';
  if (outOfView) return 'Nothing is in view here. Press 0 or the fit button to see everything.';
  if (hidden > 0 && only)
    return `${only}. ${count(hidden, 'item')} kept off the map: choose another model (m).`;
  return hidden > 0 ? `${count(hidden, 'item')} not in this space` : '';
}
