/** What can be exported: the menu and `window.nearfield.exportAs` call the same function. */

import type { ExportKind, ExportOptions } from '../handle.ts';
import { runJob } from '../jobs.ts';
import { exportPng, exportSvg } from './pictures.ts';
import { exportReport } from './report.ts';
import { type ExportedMap, exportedMaps, fileNameOf } from './subject.ts';
import { exportDistances, exportNeighbors, exportPositions } from './tables.ts';

interface Way {
  readonly title: string;
  /** In the name of the file. */
  readonly what: string;
  readonly extension: string;
  make(maps: readonly ExportedMap[], options: ExportOptions): Promise<Blob>;
}

const WAYS: Readonly<Record<ExportKind, Way>> = {
  png: { title: 'Taking a picture', what: 'map', extension: 'png', make: exportPng },
  svg: { title: 'Drawing', what: 'map', extension: 'svg', make: exportSvg },
  positions: { title: 'Writing positions', what: 'positions', extension: 'csv', make: exportPositions },
  neighbors: { title: 'Measuring neighbors', what: 'neighbors', extension: 'csv', make: exportNeighbors },
  distances: { title: 'Measuring distances', what: 'distances', extension: 'csv', make: exportDistances },
  report: { title: 'Making the report', what: 'report', extension: 'html', make: exportReport },
};

/** The map, or all panes of the comparison, as a file. Shows its progress on the page, where it can be cancelled. */
export async function exportAs(kind: ExportKind, options: ExportOptions = {}): Promise<Blob> {
  const way = WAYS[kind];
  options.signal?.throwIfAborted();
  const maps = exportedMaps();
  return runJob({ title: way.title }, options, (job) => way.make(maps, { ...options, ...job }));
}

/** The same, saved as a file whose name says what it is and when it was made. */
export async function download(kind: ExportKind, options: ExportOptions = {}): Promise<void> {
  const { what, extension } = WAYS[kind];
  const name = fileNameOf(exportedMaps(), what, extension, new Date());
  const blob = await exportAs(kind, options);
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the file after this task.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
