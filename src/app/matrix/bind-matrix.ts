/** Keeps a matrix on the screen in step with what the page shows. */
import { createMatrixView, type MatrixView } from '../../matrix/create-matrix-view.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import { rebuildWhenLost } from '../map-binding.ts';
import { rowsIn } from '../map-marks.ts';
import { gpu } from '../services.ts';
import { readApp, useApp } from '../store.ts';
import { lookAt, selectPlaces } from './commands.ts';
import { metricsOf, readMatrix, type ShownMatrix, useMatrix } from './state.ts';

let onScreen: MatrixView | undefined;

/** The matrix on the screen, once it is there. */
export const matrixOnScreen = (): MatrixView | undefined => onScreen;

/** Opens the matrix in `container` until the signal ends. */
export async function bindMatrix(container: HTMLElement, signal: AbortSignal): Promise<void> {
  const opened = await gpu();
  if (signal.aborted) return;
  const view = await createMatrixView({
    container,
    device: opened?.device ?? null,
    theme: readApp().theme,
    onCell: (cell) => void lookAt(cell),
    onPick: ({ row, column }, additive) => selectPlaces([row, column], additive),
    onBlock: (first, last, additive) =>
      selectPlaces(
        Array.from({ length: last + 1 - first }, (_, at) => first + at),
        additive,
      ),
    onError: (error) => console.warn(error),
  });
  if (signal.aborted) return view.dispose();
  show(view, readMatrix().shown);
  view.setBrushing(readMatrix().brushing);
  const ends = [
    useMatrix.subscribe(({ shown, brushing }, before) => {
      if (shown !== before.shown) show(view, shown);
      if (brushing !== before.brushing) view.setBrushing(brushing);
    }),
    useApp.subscribe((state, before) => {
      if (state.theme !== before.theme) view.setTheme(state.theme);
      if (state.selection !== before.selection) mark(view);
      if (state.hovered !== before.hovered) markHovered(view);
    }),
    rebuildWhenLost(opened, (device) => view.rebuild(device)),
  ];
  onScreen = view;
  // Who opened it by its key goes on by keys.
  if (document.activeElement === document.body) view.element.focus({ preventScroll: true });
  signal.addEventListener('abort', () => {
    for (const end of ends) end();
    if (onScreen === view) onScreen = undefined;
    view.dispose();
  });
}

function show(view: MatrixView, shown: ShownMatrix | undefined): void {
  if (!shown) return;
  view.setTree(shown.tree ?? null, shown.order);
  view.setColors(shown.colors ?? null);
  const names = metricsOf(shown.setting).map((metric) => catalogue[metric].label);
  view.setLabel(`Distance matrix of ${shown.ids.length} items, ${names.join(' and ')}`);
  view.setPicture(shown.picture).then(
    () => {
      mark(view);
      markHovered(view);
    },
    (error: unknown) => console.warn(error),
  );
}

function mark(view: MatrixView): void {
  view.setSelection(rowsIn(readMatrix().shown?.ids ?? [], readApp().selection));
}

/** What is hovered on the map or in a list; of a cell both items are marked by its lines. */
function markHovered(view: MatrixView): void {
  const { hovered } = readApp();
  const { shown, looked } = readMatrix();
  const place = hovered === undefined || looked ? undefined : rowsIn(shown?.ids ?? [], [hovered])[0];
  view.setHovered(place ?? null);
}
