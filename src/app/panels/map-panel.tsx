import { useEffect, useRef } from 'react';
import { act } from '../jobs.ts';
import { bindMap } from '../map-binding.ts';
import { useApp } from '../store.ts';
import { HoverCard, HoverVoice } from './hover-card.tsx';
import { MapTools } from './map-tools.tsx';

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

  const hidden = total - shown;
  return (
    <>
      <div className="map-host" ref={host} />
      <MapTools />
      <HoverCard />
      <HoverVoice />
      <div className="map-caption">
        {settling ? 'Settling…' : hidden > 0 && shown > 0 ? `${hidden} not in this space` : ''}
      </div>
    </>
  );
}
