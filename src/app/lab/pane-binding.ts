/** Keeps one map of the lab in step with its run. */
import * as Comlink from 'comlink';
import { makeTurns } from '../../common/turns.ts';
import type { MapPane, PaneOptions, ThumbnailEntry } from '../../map/types.ts';
import { messageOf, notify } from '../jobs.ts';
import { type ShownItems, shownItems } from './data/shown-items.ts';
import type { FramesWorker } from './frames-worker.ts';
import { drawLines, type MapLines } from './map-lines.ts';
import { MODALITY_WORDS } from './modality-words.ts';
import { framed, levelColors } from './scenes.ts';
import { type ShownRows, shownRows } from './shown-rows.ts';
import { type LabRun, type LabView, readLab, useLab, writeLab, writeRun } from './state.ts';

type Hands = Pick<PaneOptions, 'onHover' | 'onPick' | 'onThumbnailsWanted'>;

// A run tells of itself about twice a second; a glide as long makes one movement of it.
const GLIDE_MS = 450;

/**
 * What a pane does for a run: `options` it is made with, and then it begins.
 *
 * @param glides whether things glide from place to place; a software GPU draws too slowly for it
 */
export function bindPane(
  runId: number,
  glides: boolean,
  signal: AbortSignal,
): { readonly options: Hands; begin(map: MapPane): void } {
  let map: MapPane | undefined;
  let lines: MapLines | undefined;
  let items: ShownItems | undefined;
  /** What lies on the map. */
  let shown: Omit<ShownRows, 'values'> | undefined;
  let colors = new Uint8Array();
  let busy = false;
  let drawn: { readonly snapshot: LabRun['snapshot']; readonly view: LabView } | undefined;
  const thread = new Worker(new URL('./frames-worker.ts', import.meta.url), {
    type: 'module',
    name: 'frames',
  });
  const worker = Comlink.wrap<FramesWorker>(thread);
  const sceneOf = (row: number): number => (shown ? row % shown.count : row);
  const runNow = (): LabRun | undefined => readLab().runs.find(({ id }) => id === runId);

  const look = async (): Promise<void> => {
    mark();
    const run = runNow();
    const { view } = readLab();
    if (!map || !run?.snapshot || busy) return;
    if (drawn?.snapshot === run.snapshot && drawn.view === view) return;
    const next = { snapshot: run.snapshot, view };
    const before = drawn;
    drawn = next;
    const rows = shownRows(run.settings, run.snapshot, view.hidden);
    if (!rows) return;
    items = shownItems(run.settings);
    const sameRows = rows.count === shown?.count && rows.modalities.join() === shown.modalities.join();
    const sameItems = sameRows && before?.view.pictures === view.pictures;
    const isPlaced = sameRows && before?.view.projection === view.projection;
    if (!isPlaced || before?.snapshot !== run.snapshot) {
      busy = true;
      try {
        const frame = await worker.frame({ ...rows, projection: view.projection, follows: isPlaced });
        if (signal.aborted || !map) return;
        if (!sameItems) showItems(map, rows, view);
        shown = rows;
        map.setPositions(frame.positions, 2, { animate: sameRows && glides, slowMs: GLIDE_MS });
        if (!before) map.flyTo('all');
        writeRun(runId, {
          framed: { step: next.snapshot.step, projection: view.projection, explained: frame.explained },
        });
        // What lies over the map follows it to its rest, however long a frame takes.
        void map.settled().then(() => signal.aborted || mark(true));
      } catch (error) {
        notify('error', `The map could not follow the run. ${messageOf(error)}`);
      } finally {
        busy = false;
      }
    } else if (!sameItems) showItems(map, rows, view);
    if (!sameItems || before?.view.color !== view.color) color(view);
    mark(true);
    // What came meanwhile.
    await look();
  };

  const showItems = (on: MapPane, rows: ShownRows, view: LabView): void => {
    // Kept by id: another name is another item, without the picture that this one has.
    const look = view.pictures ? 'picture' : 'dot';
    on.setItems(
      rows.modalities.flatMap((modality) =>
        Array.from({ length: rows.count }, (_, scene) => ({
          id: `${modality} ${scene} ${look}`,
          kind: view.pictures && modality !== 'text' ? ('picture' as const) : ('text' as const),
        })),
      ),
    );
    on.setTexts(
      rows.modalities.flatMap((modality) =>
        Array.from({ length: rows.count }, (_, scene) =>
          view.pictures && modality === 'text' ? items?.caption(scene) : undefined,
        ),
      ),
    );
  };

  const color = (view: LabView): void => {
    if (!map || !shown || !items) return;
    colors = levelColors(items.levels(view.color).slice(0, shown.count), shown.modalities.length);
    map.setColors(colors);
    if (view.pictures) void paint(Array.from({ length: colors.length / 4 }, (_, row) => row));
  };

  /** A picture takes up to a millisecond: the page has its turn between them. */
  const paint = async (rows: Iterable<number>): Promise<void> => {
    const turn = makeTurns();
    const view = readLab().view;
    let entries: ThumbnailEntry[] = [];
    const give = (): void => {
      if (entries.length > 0) map?.setThumbnails(entries);
      entries = [];
    };
    for (const index of rows) {
      const modality = shown?.modalities[Math.floor(index / shown.count)];
      if (!modality || modality === 'text') continue;
      const image = items?.picture(sceneOf(index), modality);
      if (!image) continue;
      entries.push({ index, image: framed(image, colors.subarray(index * 4, index * 4 + 4)) });
      const pause = turn();
      if (!pause) continue;
      give();
      await pause;
      if (signal.aborted || readLab().view.color !== view.color || !readLab().view.pictures) return;
    }
    give();
  };

  let marked: { readonly scene: number | undefined; readonly view: LabView } | undefined;

  /** Marks the scene that is looked at and draws the lines; steps that a run tells of change neither. */
  const mark = (hasMoved = false): void => {
    if (!map || !shown) return;
    const { scene, view } = readLab();
    if (!hasMoved && marked && marked.scene === scene && marked.view === view) return;
    marked = { scene, view };
    const { count, modalities } = shown;
    map.setSelection(scene === undefined ? [] : modalities.map((_, at) => at * count + scene));
    lines?.show({
      count,
      modalities: modalities.map((modality) => MODALITY_WORDS[modality].label),
      isAll: view.lines,
      scene,
    });
  };

  const point = (row: number | null): void => {
    if (row === null || sceneOf(row) === readLab().scene) return;
    writeLab({ scene: sceneOf(row) });
  };

  return {
    options: {
      onHover: point,
      onPick: point,
      onThumbnailsWanted: (rows) => {
        if (readLab().view.pictures && colors.length > 0) void paint(rows);
      },
    },
    begin(made) {
      map = made;
      lines = drawLines(made);
      const unsubscribe = useLab.subscribe((state, before) => {
        if (state.scene !== before.scene || state.view !== before.view || state.runs !== before.runs)
          void look();
      });
      signal.addEventListener('abort', () => {
        unsubscribe();
        lines?.dispose();
        thread.terminate();
      });
      void look();
    },
  };
}
