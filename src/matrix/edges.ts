import type { Dendrogram } from '../compare/order/linkage.ts';
import type { Camera, Cell, Size } from './camera.ts';

/** CSS pixels beside the matrix for marks, and for the tree. */
export const MARKS = 12;
export const TREE = 64;

export interface Ink {
  readonly accent: string;
  readonly line: string;
}

/** What stands along the edges of a matrix and over its cells. Places are positions in the order. */
export interface Marks {
  /** Selected items. */
  readonly selected: readonly number[];
  /** The item hovered elsewhere. */
  readonly hovered: number | null;
  /** The cell under the pointer or the keys. */
  readonly cell: Cell | null;
  /** The block that is being pulled, first and last place. */
  readonly block: readonly [number, number] | null;
  /** RGBA of each place's label; null for none. */
  readonly colors: Uint8Array | null;
  readonly tree: PlacedTree | null;
}

/** Draws all of it; `origin` is the plot's top left in the element. */
export function drawEdges(
  context: CanvasRenderingContext2D,
  element: Size,
  origin: { readonly x: number; readonly y: number },
  camera: Camera,
  count: number,
  marks: Marks,
  ink: Ink,
): void {
  context.clearRect(0, 0, element.width, element.height);
  if (count === 0) return;
  const left = origin.x + Math.max(0, camera.left);
  const top = origin.y + Math.max(0, camera.top);
  const right = Math.min(element.width, origin.x + camera.left + camera.cell * count);
  const bottom = Math.min(element.height, origin.y + camera.top + camera.cell * count);
  const place: Placing = {
    left,
    top,
    right,
    bottom,
    cell: camera.cell,
    x: (position) => origin.x + camera.left + position * camera.cell,
    y: (position) => origin.y + camera.top + position * camera.cell,
  };
  if (marks.colors) drawColors(context, place, marks.colors);
  if (marks.tree) drawTree(context, place, marks.tree, ink);
  context.fillStyle = ink.accent;
  for (const position of marks.selected) drawTick(context, place, position, MARKS - 5);
  if (marks.hovered !== null) drawTick(context, place, marks.hovered, MARKS);
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  if (marks.block) drawBlock(context, place, marks.block, ink);
  if (marks.cell) drawCell(context, place, marks.cell);
  context.restore();
}

interface Placing {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly cell: number;
  x(position: number): number;
  y(position: number): number;
}

/** At both edges, never thinner than can be seen. */
function drawTick(context: CanvasRenderingContext2D, place: Placing, position: number, long: number): void {
  const thick = Math.max(2, place.cell);
  const middle = position + 0.5;
  const x = place.x(middle) - thick / 2;
  const y = place.y(middle) - thick / 2;
  if (x + thick > place.left && x < place.right) context.fillRect(x, place.top - long - 1, thick, long);
  if (y + thick > place.top && y < place.bottom) context.fillRect(place.left - long - 1, y, long, thick);
}

function drawColors(context: CanvasRenderingContext2D, place: Placing, colors: Uint8Array): void {
  const count = colors.length / 4;
  const colorAt = (position: number) => colors.subarray(position * 4, position * 4 + 3).join(' ');
  // One stretch for each run of a color.
  for (let from = 0; from < count; ) {
    const color = colorAt(from);
    let to = from + 1;
    while (to < count && colorAt(to) === color) to++;
    context.fillStyle = `rgb(${color})`;
    const x = Math.max(place.left, place.x(from));
    const y = Math.max(place.top, place.y(from));
    const wide = Math.min(place.right, place.x(to)) - x;
    const high = Math.min(place.bottom, place.y(to)) - y;
    if (wide > 0) context.fillRect(x, place.top - 5, wide, 4);
    if (high > 0) context.fillRect(place.left - 5, y, 4, high);
    from = to;
  }
}

/** Inclusive places on the diagonal. */
function drawBlock(
  context: CanvasRenderingContext2D,
  place: Placing,
  [from, to]: readonly [number, number],
  ink: Ink,
): void {
  const side = (to + 1 - from) * place.cell;
  context.globalAlpha = 0.16;
  context.fillStyle = ink.accent;
  context.fillRect(place.x(from), place.y(from), side, side);
  context.globalAlpha = 1;
  outline(context, place.x(from), place.y(from), side);
}

function drawCell(context: CanvasRenderingContext2D, place: Placing, { row, column }: Cell): void {
  const x = place.x(column);
  const y = place.y(row);
  const middleX = x + place.cell / 2;
  const middleY = y + place.cell / 2;
  context.lineWidth = 1;
  for (const [color, shift] of [
    ['rgb(0 0 0 / 55%)', 0.5],
    ['rgb(255 255 255 / 85%)', -0.5],
  ] as const) {
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(place.left, middleY + shift);
    context.lineTo(x, middleY + shift);
    context.moveTo(x + place.cell, middleY + shift);
    context.lineTo(place.right, middleY + shift);
    context.moveTo(middleX + shift, place.top);
    context.lineTo(middleX + shift, y);
    context.moveTo(middleX + shift, y + place.cell);
    context.lineTo(middleX + shift, place.bottom);
    context.stroke();
  }
  const side = Math.max(5, place.cell);
  outline(context, middleX - side / 2, middleY - side / 2, side);
}

/** Dark and light, to be seen on any color. */
function outline(context: CanvasRenderingContext2D, x: number, y: number, side: number): void {
  context.lineWidth = 3;
  context.strokeStyle = 'rgb(0 0 0 / 70%)';
  context.strokeRect(x, y, side, side);
  context.lineWidth = 1.5;
  context.strokeStyle = '#fff';
  context.strokeRect(x, y, side, side);
}

/** A hierarchy with its clusters' places in an order. */
export interface PlacedTree {
  readonly tree: Dendrogram;
  /** Of each cluster, items first: the middle between its two, in places; and how high it lies, 0 to 1. */
  readonly middles: Float32Array;
  readonly heights: Float32Array;
}

export function placeTree(tree: Dendrogram, order: Uint32Array): PlacedTree {
  const { count, children, heights: merged } = tree;
  const middles = new Float32Array(Math.max(0, 2 * count - 1));
  const heights = new Float32Array(middles.length);
  order.forEach((item, position) => {
    middles[item] = position + 0.5;
  });
  const highest = merged.at(-1) || 1;
  merged.forEach((height, merge) => {
    const [a = 0, b = 0] = children.subarray(2 * merge, 2 * merge + 2);
    middles[count + merge] = ((middles[a] ?? 0) + (middles[b] ?? 0)) / 2;
    heights[count + merge] = Math.max(0, height / highest);
  });
  return { tree, middles, heights };
}

/** Beside the left edge, leaves at the matrix; what is smaller than a pixel is left out. */
function drawTree(
  context: CanvasRenderingContext2D,
  place: Placing,
  { tree, middles, heights }: PlacedTree,
  ink: Ink,
): void {
  const { count, children } = tree;
  const base = place.left - MARKS;
  const x = (id: number) => base - (heights[id] ?? 0) * (TREE - 6);
  context.save();
  context.beginPath();
  context.rect(base - TREE, place.top, TREE, place.bottom - place.top);
  context.clip();
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.beginPath();
  for (let id = count; id < middles.length; id++) {
    const merge = 2 * (id - count);
    const a = children[merge] ?? 0;
    const b = children[merge + 1] ?? 0;
    const from = place.y(middles[a] ?? 0);
    const to = place.y(middles[b] ?? 0);
    if (Math.abs(to - from) < 0.7 || Math.max(from, to) < place.top || Math.min(from, to) > place.bottom)
      continue;
    context.moveTo(x(a), from);
    context.lineTo(x(id), from);
    context.lineTo(x(id), to);
    context.lineTo(x(b), to);
  }
  context.stroke();
  context.restore();
}
