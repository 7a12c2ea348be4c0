import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { MapPane } from '../../map/types.ts';
import { act } from '../jobs.ts';
import { rebuildWhenLost } from '../map-binding.ts';
import { gpu } from '../services.ts';
import { drawPairs } from './draw-pairs.ts';
import { createFrames, givePictures, openProjector, type ShownItem } from './map-frames.ts';
import { SceneCard } from './scene-card.tsx';
import { type LabRun, readLab, useLab } from './state.ts';

/** The maps of the runs side by side: every embedding of a held-out scene, moving as it learns. */
export function LabMaps({ names }: { readonly names: readonly string[] }) {
  const count = useLab(({ runs }) => runs.length);
  const hosts = useRef<(HTMLDivElement | null)[]>([]);
  const [hovered, setHovered] = useState<ShownItem>();
  const [pinned, setPinned] = useState<ShownItem>();
  const theme = useComputedColorScheme('light', { getInitialValueInEffect: false });

  useEffect(() => {
    const controller = new AbortController();
    const containers = hosts.current.slice(0, count).filter((host) => host !== null);
    act(() => showMaps(containers, theme, { onHover: setHovered, onPick: setPinned }, controller.signal));
    return () => controller.abort();
  }, [count, theme]);

  const shown = pinned ?? hovered;
  return (
    <div className="lab-maps" data-count={count}>
      {names.slice(0, count).map((name, at) => (
        <section key={name} className="lab-map" aria-label={name}>
          {count > 1 && <h3 className="lab-map-name">{name}</h3>}
          <div
            className="lab-map-host"
            ref={(host) => {
              hosts.current[at] = host;
            }}
          />
        </section>
      ))}
      {shown && <SceneCard item={shown} pinned={pinned !== undefined} onClose={() => setPinned(undefined)} />}
    </div>
  );
}

interface Hands {
  onHover(item: ShownItem | undefined): void;
  onPick(item: ShownItem | undefined): void;
}

async function showMaps(
  containers: readonly HTMLElement[],
  theme: 'light' | 'dark',
  { onHover, onPick }: Hands,
  signal: AbortSignal,
): Promise<void> {
  const [{ createStage }, opened] = await Promise.all([import('../../map/create-map.ts'), gpu()]);
  if (signal.aborted) return;
  const stage = await createStage({
    device: opened?.device ?? null,
    theme,
    onError: (error) => console.warn(error),
  });
  const projector = openProjector();
  const ends: (() => void)[] = [
    () => projector.dispose(),
    () => stage.dispose(),
    rebuildWhenLost(opened, (device) => stage.rebuild(device)),
  ];
  signal.addEventListener('abort', () => {
    for (const end of ends) end();
  });
  const panes: { readonly frames: ReturnType<typeof createFrames>; readonly map: MapPane }[] = [];
  for (const [at, container] of containers.entries()) {
    const pane = () => panes[at];
    const map = await stage.addPane({
      container,
      label: 'Map of held-out scenes',
      onHover: (row) => onHover(row === null ? undefined : pane()?.frames.item(row)),
      onPick: (row) => onPick(row === null ? undefined : pane()?.frames.item(row)),
      onThumbnailsWanted: (rows) => {
        const made = pane();
        if (made) givePictures(made.map, made.frames, rows);
      },
    });
    if (signal.aborted) return;
    const frames = createFrames(map, projector);
    panes.push({ frames, map });
    ends.unshift(
      () => frames.dispose(),
      drawPairs(map, frames, () => readLab().view.lines),
    );
  }
  const follow = (): void => {
    const { runs, view } = readLab();
    panes.forEach(({ frames }, at) => {
      const run: LabRun | undefined = runs[at];
      if (run) frames.show(run, view);
    });
  };
  ends.unshift(useLab.subscribe(follow));
  follow();
}
