/** Where a matrix lies in its plot, in CSS pixels from the plot's top left. */
export interface Camera {
  readonly left: number;
  readonly top: number;
  /** Side of a cell. */
  readonly cell: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A cell by the places of its items in the order. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

// A cell of this side is plainly seen and touched.
const LARGEST_CELL = 64;

/** The whole matrix, in the middle. */
export function fitCamera(count: number, { width, height }: Size): Camera {
  const cell = Math.max(1e-6, Math.min(width, height) / Math.max(1, count));
  return { cell, left: (width - cell * count) / 2, top: (height - cell * count) / 2 };
}

/** Not farther than all, not nearer than is of use; and never beside the matrix, which is in the middle where it leaves room. */
export function keepIn(camera: Camera, count: number, size: Size): Camera {
  const all = fitCamera(count, size).cell;
  const cell = Math.min(Math.max(all, LARGEST_CELL), Math.max(all, camera.cell));
  const side = cell * count;
  const keep = (start: number, room: number) =>
    side <= room ? (room - side) / 2 : Math.min(0, Math.max(room - side, start));
  return { cell, left: keep(camera.left, size.width), top: keep(camera.top, size.height) };
}

/** What is at (x, y) stays there. */
export function zoomCamera(
  camera: Camera,
  factor: number,
  x: number,
  y: number,
  count: number,
  size: Size,
): Camera {
  const { cell } = keepIn({ ...camera, cell: camera.cell * factor }, count, size);
  const grown = cell / camera.cell;
  return keepIn(
    { cell, left: x - (x - camera.left) * grown, top: y - (y - camera.top) * grown },
    count,
    size,
  );
}

export function panCamera(camera: Camera, x: number, y: number, count: number, size: Size): Camera {
  return keepIn({ ...camera, left: camera.left + x, top: camera.top + y }, count, size);
}

/** The cell under a place of the plot; null beside the matrix. */
export function cellAt({ left, top, cell }: Camera, count: number, x: number, y: number): Cell | null {
  const row = Math.floor((y - top) / cell);
  const column = Math.floor((x - left) / cell);
  return row >= 0 && row < count && column >= 0 && column < count ? { row, column } : null;
}

/** Moves so that the cell can be seen, with one cell of room around it. */
export function revealCell(camera: Camera, { row, column }: Cell, count: number, size: Size): Camera {
  const { cell } = camera;
  const shift = (start: number, place: number, room: number) => {
    const from = start + (place - 1) * cell;
    const to = start + (place + 2) * cell;
    if (from < 0) return start - from;
    return to > room ? start - (to - room) : start;
  };
  const left = shift(camera.left, column, size.width);
  const top = shift(camera.top, row, size.height);
  return keepIn({ cell, left, top }, count, size);
}
