/** Keeps the maps of a comparison in step with what the page shows. */
import { nextTask } from '../../common/turns.ts';
import type { Id } from '../../data/item.ts';
import type { MapPane, MapStage } from '../../map/types.ts';
import { rebuildWhenLost } from '../map-binding.ts';
import { followPointer, handsOf } from '../map-hands.ts';
import { giveThumbnails, reveal, rowsIn, showItems, showMarks } from '../map-marks.ts';
import { gpu } from '../services.ts';
import { showMap } from '../shown-map.ts';
import { type AppState, readApp, useApp } from '../store.ts';
import { onThumbnails } from '../thumbnails.ts';
import { placesOn } from './align-layouts.ts';
import { nameAmong } from './pane-names.ts';
import { type PaneLayout, paneLetter } from './setting.ts';
import { readCompare, useCompare, writeCompare } from './state.ts';

/** How long items take from one pane's places to another's, and how long they rest there, in milliseconds. */
const PLAY_MS = 1800;
const REST_MS = 900;

/** A pane's map, with the items it shows by row. */
interface Bound {
  readonly map: MapPane;
  layout: Pick<PaneLayout, 'ids' | 'positions' | 'dimensions'> | undefined;
}

export class CompareStage {
  private readonly bound = new Map<number, Bound>();

  /** Opens the stage; it goes when the signal ends. */
  static async open(signal: AbortSignal): Promise<CompareStage | undefined> {
    const [{ createStage }, opened] = await Promise.all([import('../../map/create-map.ts'), gpu()]);
    if (signal.aborted) return undefined;
    const stage = await createStage({
      device: opened?.device ?? null,
      theme: readApp().theme,
      onError: (error) => console.warn(error),
    });
    if (signal.aborted) {
      stage.dispose();
      return undefined;
    }
    return new CompareStage(stage, signal, (rebuild) => rebuildWhenLost(opened, rebuild));
  }

  private constructor(
    private readonly stage: MapStage,
    signal: AbortSignal,
    whenLost: (rebuild: (device: GPUDevice | null) => Promise<void>) => () => void,
  ) {
    stage.setLinked(readCompare().linked);
    const ends = [
      useApp.subscribe((state, before) => {
        for (const [id, bound] of this.bound) this.apply(id, bound, state, before);
      }),
      useCompare.subscribe(({ linked, playing }, before) => {
        if (linked !== before.linked) stage.setLinked(linked);
        for (const [id, bound] of this.bound) this.apply(id, bound, readApp(), readApp());
        if (playing && playing !== before.playing) void this.play(playing);
      }),
      onThumbnails((ids) => this.give(ids)),
      whenLost((device) => stage.rebuild(device)),
      showMap({
        zoomBy: (factor) => this.each((map) => map.zoomBy(factor)),
        fitAll: () => this.each((map) => map.flyTo('all')),
        panes: () =>
          readCompare().panes.flatMap(({ id }) => {
            const bound = this.bound.get(id);
            return bound?.layout ? [{ map: bound.map, ids: bound.layout.ids, pane: id }] : [];
          }),
        reveal: (id) => this.each((map, ids) => reveal(map, ids, id)),
      }),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
      stage.dispose();
    });
  }

  /** Shows a pane in `container` until the signal ends. */
  async attach(container: HTMLElement, id: number, signal: AbortSignal): Promise<void> {
    const idsOf = () => this.bound.get(id)?.layout?.ids ?? [];
    // All panes ask at once; the page would be held up by all in one task.
    await nextTask();
    if (signal.aborted) return;
    const map = await this.stage.addPane({
      container,
      ...handsOf(idsOf),
      onThumbnailsWanted: (rows) => giveThumbnails(map, idsOf(), rows),
    });
    if (signal.aborted) return map.dispose();
    signal.addEventListener('abort', () => {
      this.bound.delete(id);
      map.dispose();
    });
    followPointer(map, signal);
    const bound: Bound = { map, layout: undefined };
    this.bound.set(id, bound);
    this.apply(id, bound, readApp(), undefined);
  }

  /** The panes' maps; where they look from one place, one of each kind of camera is enough. */
  private each(act: (map: MapPane, ids: readonly Id[]) => void): void {
    const led = new Set<number>();
    for (const { map, layout } of this.bound.values()) {
      const dimensions = layout?.dimensions ?? 2;
      if (readCompare().linked && led.has(dimensions)) continue;
      led.add(dimensions);
      act(map, layout?.ids ?? []);
    }
  }

  private apply(id: number, bound: Bound, state: AppState, before: AppState | undefined): void {
    const { panes, playing } = readCompare();
    const at = panes.findIndex((pane) => pane.id === id);
    const pane = panes[at];
    if (!pane) return;
    // Until it has places of its own, it shows the main map's.
    const layout = pane.shown ?? state.placement;
    const itemsChanged = layout?.ids !== bound.layout?.ids;
    const moved = layout?.positions !== bound.layout?.positions;
    if (layout && (itemsChanged || moved) && playing?.from !== id) {
      if (itemsChanged) showItems(bound.map, layout.ids);
      bound.map.setPositions(layout.positions, layout.dimensions, { animate: bound.layout !== undefined });
      bound.layout = layout;
    }
    showMarks(bound.map, bound.layout?.ids ?? [], itemsChanged, state, before, id);
    const settings = panes.map(({ setting }) => setting);
    bound.map.setLabel(`Map ${paneLetter(at)}: ${nameAmong(pane.setting, settings)}`);
  }

  /** Pictures are kept for all panes together: each is given to one that has its item. */
  private give(ids: readonly Id[]): void {
    let left = ids;
    for (const { map, layout } of this.bound.values()) {
      const here = layout?.ids ?? [];
      const rows = rowsIn(here, left);
      giveThumbnails(map, here, rows);
      const given = new Set(rows.map((row) => here[row]));
      left = left.filter((id) => !given.has(id));
      if (left.length === 0) return;
    }
  }

  /** Lets a pane's items go to where they are in another one, and back; back at once when it is stopped. */
  private async play(playing: { readonly from: number; readonly to: number }): Promise<void> {
    const from = this.bound.get(playing.from);
    const home = from?.layout;
    const away = this.bound.get(playing.to)?.layout;
    const on = () => readCompare().playing === playing;
    if (from && home && away) {
      const stopped = new Promise<void>((resolve) => {
        const end = useCompare.subscribe(() => {
          if (on()) return;
          end();
          resolve();
        });
      });
      from.map.setPositions(journey(home, away), away.dimensions, { slowMs: PLAY_MS });
      await Promise.race([from.map.settled(), stopped]);
      const rested = new Promise((resolve) => setTimeout(resolve, REST_MS));
      if (on()) await Promise.race([rested, stopped]);
      // It shows something else by now.
      if (from.layout !== home) return;
      from.map.setPositions(home.positions, home.dimensions, { slowMs: on() ? PLAY_MS : PLAY_MS / 3 });
      await from.map.settled();
    }
    if (on()) writeCompare({ playing: undefined });
  }
}

/** Where the items of one pane are in another; those that are not there stay. */
function journey(
  home: Pick<PaneLayout, 'ids' | 'positions' | 'dimensions'>,
  away: Pick<PaneLayout, 'ids' | 'positions' | 'dimensions'>,
): Float32Array<ArrayBuffer> {
  const { ids } = home;
  const { dimensions } = away;
  const there = placesOn({ ids, dimensions }, away);
  const here = placesOn({ ids, dimensions }, home);
  return there.map((value, at) => (Number.isNaN(value) ? (here[at] ?? 0) : value));
}
