/** The maps of the lab: one for each run, side by side, seen from the same place. */
import type { MapPane, MapStage } from '../../map/types.ts';
import { rebuildWhenLost } from '../map-binding.ts';
import { gpu } from '../services.ts';
import { readApp, useApp } from '../store.ts';
import { isSoftware } from './is-software.ts';
import { bindPane } from './pane-binding.ts';

export interface LabStage {
  /** Shows a run in the element until the signal ends. */
  attach(container: HTMLElement, run: number, label: string, signal: AbortSignal): Promise<void>;
  zoomBy(factor: number): void;
  fitAll(): void;
  dispose(): void;
}

/** @param signal ends it, be it open already or not */
export async function openLabStage(signal: AbortSignal): Promise<LabStage | undefined> {
  const [{ createStage }, opened] = await Promise.all([import('../../map/create-map.ts'), gpu()]);
  if (signal.aborted) return undefined;
  const stage: MapStage = await createStage({
    device: opened?.device ?? null,
    theme: readApp().theme,
    onError: (error) => console.warn(error),
  });
  const panes = new Set<MapPane>();
  const endRecovery = rebuildWhenLost(opened, (device) => stage.rebuild(device));
  const unsubscribe = useApp.subscribe((state, before) => {
    if (state.theme !== before.theme) for (const pane of panes) pane.setTheme(state.theme);
  });
  const dispose = (): void => {
    unsubscribe();
    endRecovery();
    stage.dispose();
  };
  if (signal.aborted) {
    dispose();
    return undefined;
  }
  signal.addEventListener('abort', dispose);
  // Panes look from the same place: one moves them all.
  const first = () => [...panes][0];
  return {
    async attach(container, run, label, ended) {
      const hands = bindPane(run, !isSoftware(opened?.adapter), ended);
      const pane = await stage.addPane({ container, label, ...hands.options });
      if (ended.aborted) {
        pane.dispose();
        return;
      }
      panes.add(pane);
      hands.begin(pane);
      ended.addEventListener('abort', () => {
        panes.delete(pane);
        pane.dispose();
      });
    },
    zoomBy: (factor) => first()?.zoomBy(factor),
    fitAll: () => first()?.flyTo('all'),
    dispose,
  };
}
