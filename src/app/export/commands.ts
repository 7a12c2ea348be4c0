/** What can be exported: the menu and `window.nearfield.exportAs` call the same function. */

import type { FigureSheet } from '../../export/figure.ts';
import { pngOfSheet } from '../../export/raster.ts';
import { type Paint, paintOf } from '../../export/svg.ts';
import { palettes } from '../../map/theme.ts';
import type { ExportKind, ExportOptions, ExportView } from '../handle.ts';
import { runJob } from '../jobs.ts';
import { readApp } from '../store.ts';
import { drawHistograms, drawShepard } from './diagrams.ts';
import { drawMatrix, matrixOnPage, matrixSubject, pictureMatrix } from './matrix.ts';
import { exportPng, exportSvg } from './pictures.ts';
import { drawPlayground, playgroundSubject } from './playground.ts';
import { exportReport } from './report.ts';
import { type ExportedMap, exportedMaps, fileNameOf, subjectOf } from './subject.ts';
import { exportDistances, exportNeighbors, exportPositions, exportShownMatrix } from './tables.ts';

/** What is to be made, once it is known that it can be. */
interface Plan {
  readonly title: string;
  /** In the name of the file. */
  readonly what: string;
  readonly subject: string;
  readonly extension: string;
  make(options: ExportOptions): Promise<Blob>;
}

type Way = Pick<Plan, 'title' | 'what' | 'extension'> & {
  make(maps: readonly ExportedMap[], options: ExportOptions): Promise<Blob>;
};

const WAYS: Readonly<Record<ExportKind, Way>> = {
  png: { title: 'Taking a picture', what: 'map', extension: 'png', make: exportPng },
  svg: { title: 'Drawing', what: 'map', extension: 'svg', make: exportSvg },
  positions: { title: 'Writing positions', what: 'positions', extension: 'csv', make: exportPositions },
  neighbors: { title: 'Measuring neighbors', what: 'neighbors', extension: 'csv', make: exportNeighbors },
  distances: { title: 'Measuring distances', what: 'distances', extension: 'csv', make: exportDistances },
  report: { title: 'Making the report', what: 'report', extension: 'html', make: exportReport },
};

type PictureKind = 'png' | 'svg';

/** What is not the map, as a picture. */
const VIEWS: Readonly<
  Record<Exclude<ExportView, 'map'>, (kind: PictureKind) => Pick<Plan, 'subject' | 'make'>>
> = {
  matrix(kind) {
    const shown = matrixOnPage();
    return {
      subject: matrixSubject(shown),
      make: async (options) =>
        kind === 'png'
          ? pictureMatrix(shown, paintOnPage(), options)
          : svgBlob(await drawMatrix(shown, paintOnPage())),
    };
  },
  shepard: diagram(drawShepard),
  histogram: diagram(drawHistograms),
  playground: (kind) => ({
    subject: playgroundSubject(),
    make: async () => sheetAs(kind, drawPlayground(paintOnPage())),
  }),
};

/** A diagram has no resolution of its own: this is sharp on paper, too. */
const DIAGRAM_SHARPNESS = 3;

function diagram(draw: (paint: Paint, options: ExportOptions) => Promise<FigureSheet>) {
  return (kind: PictureKind): Pick<Plan, 'subject' | 'make'> => ({
    subject: subjectOf(exportedMaps()),
    async make(options) {
      return sheetAs(kind, await draw(paintOnPage(), options));
    },
  });
}

const paintOnPage = (): Paint => paintOf(palettes[readApp().theme]);
const sheetAs = (kind: PictureKind, sheet: FigureSheet): Promise<Blob> | Blob =>
  kind === 'png' ? pngOfSheet(sheet, DIAGRAM_SHARPNESS) : svgBlob(sheet);
const svgBlob = ({ svg }: FigureSheet): Blob => new Blob([svg], { type: 'image/svg+xml' });

/** The map, or all panes of the comparison, or another view as a file. Shows its progress on the page, where it can be cancelled. */
export async function exportAs(kind: ExportKind, options: ExportOptions = {}): Promise<Blob> {
  options.signal?.throwIfAborted();
  return run(planOf(kind, options), options);
}

/** The same, saved as a file whose name says what it is and when it was made; tables are likely to be opened as spreadsheets. */
export async function download(kind: ExportKind, options: ExportOptions = {}): Promise<void> {
  const plan = planOf(kind, options);
  const name = fileNameOf(plan, new Date());
  const blob = await run(plan, { guard: true, ...options });
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the file after this task.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function run(plan: Plan, options: ExportOptions): Promise<Blob> {
  return runJob({ title: plan.title }, options, (job) => plan.make({ ...options, ...job }));
}

/** @throws {Error} where there is nothing of the kind to export */
function planOf(kind: ExportKind, { view = 'map' }: ExportOptions): Plan {
  const way = WAYS[kind];
  if (view !== 'map' && (kind === 'png' || kind === 'svg')) {
    return { ...way, what: view, ...VIEWS[view](kind) };
  }
  if (view === 'matrix' && kind === 'distances') {
    const shown = matrixOnPage();
    return { ...way, subject: matrixSubject(shown), make: (options) => exportShownMatrix(shown, options) };
  }
  const maps = exportedMaps();
  return { ...way, subject: subjectOf(maps), make: (options) => way.make(maps, options) };
}
