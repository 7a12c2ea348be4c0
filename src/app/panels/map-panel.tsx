import { useEffect, useRef } from 'react';
import type { CollectionSpace } from '../collection.ts';
import { act } from '../jobs.ts';
import { bindMap } from '../map-binding.ts';
import { lazyPanel } from '../parts/lazy-panel.tsx';
import { useApp } from '../store.ts';
import { onlyTakes } from '../takes.ts';
import { count } from '../words.ts';
import { HoverCard, HoverVoice } from './hover-card.tsx';
import { MapTools } from './map-tools.tsx';

// Most visits do not compare.
const CompareView = lazyPanel(async () => (await import('./compare-view.tsx')).CompareView, {
  name: 'The comparison',
});
const MatrixView = lazyPanel(async () => (await import('./matrix-view.tsx')).MatrixView, {
  name: 'The distance matrix',
});
const MeasuresLegend = lazyPanel(async () => (await import('./measures-legend.tsx')).MeasuresLegend, {
  name: 'The legend of the colors',
  fails: 'notice',
});

export function MapPanel() {
  const host = useRef<HTMLDivElement>(null);
  const settling = useApp((state) => state.settling);
  const shown = useApp((state) => state.placement?.ids.length ?? 0);
  const space = useApp((state) => state.placement?.space ?? 'joint');
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
        <CompareView />
      ) : (
        <>
          <MapTools />
          <div className="map-caption">
            {captionOf({
              settling,
              outOfView,
              hidden: shown > 0 || only ? hidden : 0,
              only: shown > 0 ? '' : only,
              space,
            })}
          </div>
        </>
      )}
      {painted && <MeasuresLegend />}
      <HoverCard />
      {matrix ? (
        <MatrixView />
      ) : (
        // The matrix says its cells itself.
        <HoverVoice />
      )}
    </>
  );
}

const SHOWN: Readonly<Record<CollectionSpace, string>> = {
  joint: 'pictures and words',
  picture: 'pictures',
  text: 'words',
  vectors: 'loaded vectors',
};

interface CaptionFacts {
  readonly settling: boolean;
  readonly outOfView: boolean;
  /** Items that are not on the map. */
  readonly hidden: number;
  /** That the model takes one kind of thing only, where nothing of it is here. */
  readonly only: string;
  readonly space: CollectionSpace;
}

function captionOf({ settling, outOfView, hidden, only, space }: CaptionFacts): string {
  if (settling) return 'Settling…';
  if (outOfView) return 'Nothing is in view here. Press 0 or the fit button to see everything.';
  if (hidden > 0 && only)
    return `${only}. ${count(hidden, 'item')} kept off the map: choose another model (m).`;
  return hidden > 0 ? `${count(hidden, 'item')} not on this map of ${SHOWN[space]}` : '';
}
