/** Brings the runs' snapshots to their maps. */
import * as comlink from 'comlink';
import { heldOutScenes } from '../../lab/training/scenes.ts';
import { renderCaption } from '../../lab/world/caption.ts';
import { type Factor, LEVELS, type Modality } from '../../lab/world/factors.ts';
import { levelNumber, type Scene } from '../../lab/world/scene.ts';
import type { MapItem, MapPane } from '../../map/types.ts';
import { labelRgba } from '../label-colors.ts';
import type { ProjectingWork } from './projecting-work.ts';
import { SMALL_SIDE, scenePicture } from './scene-pictures.ts';
import { HELD_OUT, type LabRun, type LabView } from './state.ts';

/** What a row of the map is: a scene in one modality. */
export interface ShownItem {
  readonly scene: Scene;
  readonly at: number;
  readonly modality: Modality;
}

const scenesOf = new Map<string, readonly Scene[]>();

/** The held-out scenes of a run, the same objects each time. */
export function scenesOfRun({ settings }: Pick<LabRun, 'settings'>): readonly Scene[] {
  const key = JSON.stringify([settings.seed, settings.fixed]);
  const known = scenesOf.get(key) ?? heldOutScenes(settings, HELD_OUT);
  scenesOf.set(key, known);
  return known;
}

export const shownModalities = (run: LabRun, { hidden }: LabView): Modality[] => {
  const shown = run.settings.modalities.filter((modality) => !hidden.includes(modality));
  return shown.length > 0 ? shown : run.settings.modalities.slice(0, 1);
};

export interface Frames {
  /** Follows what the run and the view are now. */
  show(run: LabRun, view: LabView): void;
  item(row: number): ShownItem | undefined;
  readonly items: readonly ShownItem[];
  dispose(): void;
}

export interface Projector {
  readonly worker: comlink.Remote<ProjectingWork>;
  dispose(): void;
}

/** One worker projects for all maps. */
export function openProjector(): Projector {
  const thread = new Worker(new URL('./projecting-worker.ts', import.meta.url), {
    ...{ type: 'module', name: 'projecting' },
  });
  return { worker: comlink.wrap<ProjectingWork>(thread), dispose: () => thread.terminate() };
}

/** @param map takes the places; the frames do not dispose of it */
export function createFrames(map: MapPane, projector: Projector): Frames {
  let items: readonly ShownItem[] = [];
  let shownKey = '';
  let shownColor: Factor | undefined;
  let shownSnapshot: LabRun['snapshot'];
  let before: Float32Array<ArrayBuffer> | undefined;
  let busy = false;
  let next: (() => Promise<void>) | undefined;
  let over = false;

  const setItems = (run: LabRun, modalities: readonly Modality[]): void => {
    const scenes = scenesOfRun(run);
    items = modalities.flatMap((modality) => scenes.map((scene, at) => ({ scene, at, modality })));
    map.setItems(
      items.map(
        ({ at, modality }): MapItem => ({
          id: `${modality} ${at} ${run.settings.seed}`,
          kind: modality === 'text' ? 'text' : 'picture',
        }),
      ),
    );
    map.setTexts(
      items.map(({ scene, modality }) => (modality === 'text' ? renderCaption(scene) : undefined)),
    );
    before = undefined;
    shownColor = undefined;
    shownSnapshot = undefined;
  };

  const paint = (color: Factor): void => {
    const colors = new Uint8Array(items.length * 4);
    items.forEach(({ scene }, row) => {
      colors.set(labelRgba(levelNumber(scene.levels, color)), row * 4);
    });
    map.setColors(colors);
  };

  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      while (next && !over) {
        const task = next;
        next = undefined;
        await task();
      }
    } finally {
      busy = false;
    }
  };

  const place = async (run: LabRun, modalities: readonly Modality[]): Promise<void> => {
    const rows = modalities.flatMap((modality) => run.snapshot?.rows[modality] ?? []);
    const width = rows[0]?.width;
    if (width === undefined || rows.length < modalities.length) return;
    const isFirst = before === undefined;
    const of = shownKey;
    const positions = await projector.worker.project(
      rows.map(({ values }) => values),
      width,
      before,
    );
    if (over || of !== shownKey) return;
    before = positions;
    // Cleared numbers have no place: nothing is drawn of them.
    map.setPositions(positions.slice(), 2, { animate: !isFirst });
    if (isFirst) map.flyTo('all');
  };

  return {
    show(run, view) {
      const modalities = shownModalities(run, view);
      const key = `${run.id} ${modalities.join()}`;
      if (key !== shownKey) {
        shownKey = key;
        setItems(run, modalities);
      }
      if (view.color !== shownColor) {
        shownColor = view.color;
        paint(view.color);
      }
      if (run.snapshot && run.snapshot !== shownSnapshot) {
        shownSnapshot = run.snapshot;
        next = () => place(run, modalities);
        void work();
      }
    },
    item: (row) => items[row],
    get items() {
      return items;
    },
    dispose() {
      over = true;
    },
  };
}

/** @param rows items that their pictures are wanted of */
export function givePictures(map: MapPane, { item }: Frames, rows: Iterable<number>): void {
  map.setThumbnails(
    [...rows].flatMap((index) => {
      const shown = item(index);
      if (!shown || shown.modality === 'text') return [];
      return [{ index, image: scenePicture(shown.scene, shown.modality, SMALL_SIDE) }];
    }),
  );
}

/** Levels of a factor, in the order of their colors. */
export const levelsOf = (factor: Factor): readonly string[] => LEVELS[factor];
