import type { Dendrogram } from '../compare/order/linkage.ts';
import {
  type Camera,
  type Cell,
  cellAt,
  fitCamera,
  keepIn,
  panCamera,
  revealCell,
  type Size,
  zoomCamera,
} from './camera.ts';
import { CanvasPainter } from './canvas-painter.ts';
import { drawEdges, type Ink, MARKS, type Marks, placeTree, TREE } from './edges.ts';
import { giveHands } from './hands.ts';
import { createCanvas, type Frame, frameOf, type Painter } from './painter.ts';
import { paletteOf } from './palette.ts';
import type { MatrixPicture } from './picture.ts';

export interface MatrixViewOptions {
  /** Where it goes; it fills it and follows its size. */
  readonly container: HTMLElement;
  /** The page's one device; without it the matrix is drawn on a 2D canvas. */
  readonly device: GPUDevice | null;
  readonly theme: 'light' | 'dark';
  /** The cell under the pointer, or that the keys stand on; null for none. */
  onCell?(cell: Cell | null): void;
  /** A cell was clicked, tapped, or chosen with Enter. */
  onPick?(cell: Cell, additive: boolean): void;
  /** A block on the diagonal was chosen: its first and last place. */
  onBlock?(first: number, last: number, additive: boolean): void;
  /** The GPU could not draw, and the canvas does from now on. */
  onError?(error: Error): void;
}

/** A distance matrix on the screen. Places are positions in the order, from 0. */
export interface MatrixView {
  readonly backend: Painter['backend'];
  /** The element that takes focus, pointer and keys. */
  readonly element: HTMLElement;
  /** The camera stays where the number of items does. */
  setPicture(picture: MatrixPicture): Promise<void>;
  setSelection(places: readonly number[]): void;
  setHovered(place: number | null): void;
  /** RGBA, four bytes a place, along the edges; null for none. */
  setColors(colors: Uint8Array | null): void;
  /** The hierarchy beside the matrix, and which item stands at each place; null for none. */
  setTree(tree: Dendrogram | null, order: Uint32Array): void;
  /** Whether a drag pulls a block; else it moves the matrix, and pulls with Shift. */
  setBrushing(brushing: boolean): void;
  setTheme(theme: 'light' | 'dark'): void;
  setLabel(label: string): void;
  zoomBy(factor: number): void;
  fitAll(): void;
  /** Draws on another device (null: without one). */
  rebuild(device: GPUDevice | null): Promise<void>;
  /** What is on the screen, as a PNG at its resolution. */
  snapshot(): Promise<Blob>;
  dispose(): void;
}

const THEMES: Readonly<Record<'light' | 'dark', Ink & { readonly paper: Frame['paper'] }>> = {
  light: { paper: [251, 251, 250], accent: '#2563eb', line: '#5c5f66' },
  dark: { paper: [17, 18, 20], accent: '#7aa2ff', line: '#a4a8b0' },
};

const HELP =
  'Arrow keys move from cell to cell, with Shift ten at a time. Enter selects the two items of the cell, Shift and Enter all items ' +
  'from the one to the other. Plus and minus zoom, 0 shows everything.';
let views = 0;

export async function createMatrixView(options: MatrixViewOptions): Promise<MatrixView> {
  const view = new View(options);
  await view.rebuild(options.device);
  return view;
}

class View implements MatrixView {
  readonly element = document.createElement('div');
  private readonly edges = createCanvas();
  private readonly context: CanvasRenderingContext2D;
  private readonly listening = new AbortController();
  private readonly observer: ResizeObserver;
  private painter: Painter | undefined;
  /** What the painter has, and what it was given last: sending it to the GPU takes a while. */
  private picture: MatrixPicture | undefined;
  private wanted: MatrixPicture | undefined;
  private camera: Camera = { left: 0, top: 0, cell: 1 };
  /** Follows the size until somebody moves it. */
  private fitted = true;
  private size: Size = { width: 0, height: 0 };
  private brushing = false;
  private theme: 'light' | 'dark';
  private marks: Marks = {
    selected: [],
    hovered: null,
    cell: null,
    block: null,
    colors: null,
    tree: null,
  };
  private frame = 0;

  constructor(private readonly options: MatrixViewOptions) {
    const { element, edges } = this;
    this.theme = options.theme;
    element.style.cssText =
      'position:relative;width:100%;height:100%;overflow:hidden;touch-action:none;user-select:none;cursor:crosshair';
    element.tabIndex = 0;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-label', 'Distance matrix');
    const help = document.createElement('p');
    help.id = `matrix-help-${++views}`;
    help.textContent = HELP;
    help.style.cssText =
      'position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap';
    element.setAttribute('aria-describedby', help.id);
    edges.style.pointerEvents = 'none';
    const context = edges.getContext('2d');
    if (!context) throw new Error('This browser gives no 2D canvas, so no matrix can be drawn.');
    this.context = context;
    element.append(edges, help);
    options.container.append(element);
    giveHands(element, this.hands(), this.listening.signal);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(element);
  }

  get backend(): Painter['backend'] {
    return this.painter?.backend ?? 'canvas';
  }

  async rebuild(device: GPUDevice | null): Promise<void> {
    const opened = device ? await this.openGpu(device) : new CanvasPainter();
    this.painter?.dispose();
    this.painter = opened;
    this.element.prepend(opened.canvas);
    this.resize();
    if (this.wanted) await this.setPicture(this.wanted);
  }

  private async openGpu(device: GPUDevice): Promise<Painter> {
    try {
      const { GpuPainter } = await import('./gpu-painter.ts');
      return await GpuPainter.open(device);
    } catch (error) {
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
      return new CanvasPainter();
    }
  }

  async setPicture(picture: MatrixPicture): Promise<void> {
    const { painter } = this;
    this.wanted = picture;
    try {
      await painter?.setPicture(picture, paletteOf(picture.colors));
    } catch (error) {
      if (painter !== this.painter) return;
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
      return this.rebuild(null);
    }
    if (picture !== this.wanted || painter !== this.painter) return;
    if (picture.count !== this.picture?.count) {
      this.fitted = true;
      this.change({ cell: null, block: null, hovered: null, selected: [] });
    }
    this.picture = picture;
    this.place();
  }

  setSelection(selected: readonly number[]): void {
    this.change({ selected });
  }

  setHovered(hovered: number | null): void {
    if (hovered !== this.marks.hovered) this.change({ hovered });
  }

  setColors(colors: Uint8Array | null): void {
    this.change({ colors });
  }

  setTree(tree: Dendrogram | null, order: Uint32Array): void {
    const was = this.marks.tree !== null;
    this.change({ tree: tree ? placeTree(tree, order) : null });
    if (was !== (tree !== null)) this.resize();
  }

  setBrushing(brushing: boolean): void {
    this.brushing = brushing;
  }

  setTheme(theme: 'light' | 'dark'): void {
    this.theme = theme;
    this.request();
  }

  setLabel(label: string): void {
    this.element.setAttribute('aria-label', label);
  }

  zoomBy(factor: number): void {
    const { width, height } = this.size;
    this.zoom(factor, width / 2, height / 2);
  }

  fitAll(): void {
    this.fitted = true;
    this.place();
  }

  async snapshot(): Promise<Blob> {
    const { edges, painter } = this;
    const all = new OffscreenCanvas(Math.max(1, edges.width), Math.max(1, edges.height));
    const context = all.getContext('2d');
    if (!context) throw new Error('This browser gives no 2D canvas, so no picture can be made.');
    this.draw();
    const ratio = pixelRatio();
    context.fillStyle = `rgb(${THEMES[this.theme].paper.join(' ')})`;
    context.fillRect(0, 0, all.width, all.height);
    // Drawn in this task, what is on a canvas of the GPU can still be read.
    if (painter && painter.canvas.width > 0)
      context.drawImage(painter.canvas, Math.round(this.origin.x * ratio), Math.round(MARKS * ratio));
    context.drawImage(edges, 0, 0);
    return all.convertToBlob({ type: 'image/png' });
  }

  dispose(): void {
    this.listening.abort();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    this.frame = -1;
    this.painter?.dispose();
    this.element.remove();
  }

  private get count(): number {
    return this.picture?.count ?? 0;
  }

  /** Where the plot begins. */
  private get origin(): { readonly x: number; readonly y: number } {
    return { x: MARKS + (this.marks.tree ? TREE : 0), y: MARKS };
  }

  private hands() {
    const view = this;
    const plot = (x: number, y: number): [number, number] => [x - this.origin.x, y - this.origin.y];
    const cellUnder = (x: number, y: number) => cellAt(this.camera, this.count, ...plot(x, y));
    /** The nearest place on the diagonal. */
    const onDiagonal = (x: number, y: number) => {
      const [across, down] = plot(x, y);
      const { left, top, cell } = this.camera;
      const place = Math.floor(((across - left) / cell + (down - top) / cell) / 2);
      return Math.min(this.count - 1, Math.max(0, place));
    };
    return {
      get brushing() {
        return view.brushing;
      },
      point: (x: number, y: number) => this.setCell(cellUnder(x, y)),
      leave: () => this.setCell(null),
      pan: (x: number, y: number) => this.look(panCamera(this.camera, x, y, this.count, this.size)),
      zoom: (factor: number, x: number, y: number) => this.zoom(factor, ...plot(x, y)),
      zoomMiddle: (factor: number) => {
        const { cell } = this.marks;
        // Who goes by keys looks at the cell they stand on.
        if (!cell) return this.zoomBy(factor);
        const { left, top, cell: side } = this.camera;
        this.zoom(factor, left + (cell.column + 0.5) * side, top + (cell.row + 0.5) * side);
      },
      fitAll: () => this.fitAll(),
      pick: (x: number, y: number, additive: boolean) => {
        const cell = cellUnder(x, y);
        if (!cell) return;
        this.setCell(cell);
        this.options.onPick?.(cell, additive);
      },
      pull: (fromX: number, fromY: number, toX: number, toY: number) => {
        if (this.count === 0) return;
        const [from, to] = [onDiagonal(fromX, fromY), onDiagonal(toX, toY)];
        this.change({ block: [Math.min(from, to), Math.max(from, to)], cell: null });
      },
      pullEnds: (additive: boolean) => {
        const { block } = this.marks;
        this.change({ block: null });
        if (block) this.options.onBlock?.(...block, additive);
      },
      pullStops: () => this.change({ block: null }),
      step: (rows: number, columns: number) => this.step(rows, columns),
      pickCell: (additive: boolean) => {
        if (this.marks.cell) this.options.onPick?.(this.marks.cell, additive);
      },
      pickBlock: (additive: boolean) => {
        const { cell } = this.marks;
        if (!cell) return;
        this.options.onBlock?.(Math.min(cell.row, cell.column), Math.max(cell.row, cell.column), additive);
      },
    };
  }

  /** From the cell that the keys stand on, or else from the first in view. */
  private step(rows: number, columns: number): void {
    const { count, camera } = this;
    if (count === 0) return;
    const within = (place: number) => Math.min(count - 1, Math.max(0, place));
    const first = (start: number) => within(Math.ceil(Math.max(0, -start) / camera.cell));
    const { cell } = this.marks;
    const next = cell
      ? { row: within(cell.row + rows), column: within(cell.column + columns) }
      : { row: first(camera.top), column: first(camera.left) };
    this.setCell(next);
    this.look(revealCell(camera, next, count, this.size));
  }

  private setCell(cell: Cell | null): void {
    const before = this.marks.cell;
    if (before?.row === cell?.row && before?.column === cell?.column) return;
    this.change({ cell });
    this.options.onCell?.(cell);
  }

  private zoom(factor: number, x: number, y: number): void {
    this.look(zoomCamera(this.camera, factor, x, y, this.count, this.size));
  }

  private look(camera: Camera): void {
    this.fitted = false;
    this.camera = camera;
    this.request();
  }

  private change(marks: Partial<Marks>): void {
    this.marks = { ...this.marks, ...marks };
    this.request();
  }

  private resize(): void {
    const { element, edges, painter, origin } = this;
    const ratio = pixelRatio();
    const width = Math.max(0, element.clientWidth - origin.x - 1);
    const height = Math.max(0, element.clientHeight - origin.y - 1);
    this.size = { width, height };
    edges.width = Math.round(element.clientWidth * ratio);
    edges.height = Math.round(element.clientHeight * ratio);
    edges.style.cssText += `;left:0;top:0;width:${element.clientWidth}px;height:${element.clientHeight}px`;
    if (painter) {
      painter.resize(Math.round(width * ratio), Math.round(height * ratio));
      painter.canvas.style.cssText += `;left:${origin.x}px;top:${origin.y}px;width:${width}px;height:${height}px`;
    }
    this.place();
  }

  /** The whole matrix where nobody moved it; else as near as it was. */
  private place(): void {
    const { count, size } = this;
    this.camera = this.fitted ? fitCamera(count, size) : keepIn(this.camera, count, size);
    this.request();
  }

  private request(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { painter, picture, camera, count, element } = this;
    const ratio = pixelRatio();
    const theme = THEMES[this.theme];
    element.style.background = `rgb(${theme.paper.join(' ')})`;
    if (picture && painter) painter.draw(frameOf(picture, camera, ratio, theme.paper));
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const whole = { width: element.clientWidth, height: element.clientHeight };
    drawEdges(this.context, whole, this.origin, camera, count, this.marks, theme);
  }
}

function pixelRatio(): number {
  return globalThis.devicePixelRatio || 1;
}
