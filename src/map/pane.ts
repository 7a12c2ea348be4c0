import type { Camera } from './camera.ts';
import { Controls } from './controls.ts';
import { describeDrawing, type MapDrawing } from './drawing.ts';
import { FrameClock } from './frame-clock.ts';
import { LabelLayer } from './label-layer.ts';
import { extentOf } from './level-of-detail.ts';
import { Lookout } from './lookout.ts';
import type { Painter } from './painter.ts';
import { actionsOf } from './pane-actions.ts';
import { Points } from './points.ts';
import { Sight } from './sight.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Stage } from './stage.ts';
import { Surface } from './surface.ts';
import { type Palette, palettes } from './theme.ts';
import type {
  GlideOptions,
  MapBackend,
  MapItem,
  MapMode,
  MapStats,
  MapView,
  PaneOptions,
  Point,
  Theme,
  ThumbnailEntry,
} from './types.ts';

// More pixels than two a CSS pixel cost much and show little.
const MAX_PIXEL_RATIO = 2;

/** One map of a stage: its items and camera, and what is drawn of them where. */
export class Pane implements MapView {
  readonly points = new Points();
  readonly lookout: Lookout;
  readonly sight: Sight;
  onDispose = () => {};
  private readonly labels = new LabelLayer();
  private readonly surface: Surface;
  private readonly controls: Controls;
  private readonly clock: FrameClock;
  private painter: Painter | null = null;
  private palette: Palette;
  private sharpness = 1;
  /** A frame was due while there was no room to draw it in. */
  private missed = false;
  private disposed = false;

  constructor(
    private readonly stage: Stage,
    readonly options: PaneOptions,
  ) {
    const { theme } = stage.options;
    this.palette = palettes[theme];
    this.lookout = new Lookout(this.points, stage, options.coveredTop, () => this.changed());
    this.sight = new Sight(this.points, this.camera, stage.atlas);
    this.sight.onMissing = (indices) => this.ask(indices);
    this.surface = new Surface(options.container, this.labels.element, (width, height) => {
      // The observer also speaks up once at the beginning, when nothing has changed.
      const same = width === this.camera.width && height === this.camera.height;
      if (!same || this.missed) this.resize(width, height);
    });
    this.setLabel(options.label ?? 'Map of items');
    this.controls = new Controls(this.surface.element, this.camera, actionsOf(this));
    this.clock = new FrameClock((elapsedMs, now) => this.frame(elapsedMs, now));
    this.setTheme(theme);
  }

  get backend(): MapBackend {
    return this.painter?.backend ?? 'canvas';
  }

  get element(): HTMLElement {
    return this.surface.element;
  }

  get camera(): Camera {
    return this.lookout.camera;
  }

  setItems(items: readonly MapItem[]): void {
    this.points.setItems(items);
    this.stage.retainPictures();
    this.labels.reset();
    this.changed();
  }

  setPositions(
    positions: Float32Array<ArrayBuffer>,
    dimensions: 2 | 3,
    { animate = true, slowMs = 0 }: GlideOptions = {},
  ): void {
    const set = (moves: boolean) => this.points.setPositions(positions, dimensions, moves, slowMs);
    this.lookout.place(set, dimensions, animate);
    this.changed();
  }

  setThumbnail(index: number, image: ThumbnailEntry['image']): void {
    this.setThumbnails([{ index, image }]);
  }

  setThumbnails(entries: readonly ThumbnailEntry[]): void {
    for (const { index, image } of entries) {
      const id = this.points.ids[index];
      if (id === undefined)
        throw new RangeError(`No item ${index} for a thumbnail: there are ${this.points.count}.`);
      this.stage.atlas.set(id, image);
      this.stage.asked.delete(id);
    }
    this.stage.picturesChanged();
  }

  setTexts(texts: readonly (string | undefined)[] | null): void {
    this.points.texts = this.points.ids.map((_, index) => texts?.[index] || undefined);
    this.labels.reset();
    this.changed();
  }

  setColors(colors: Uint8Array<ArrayBuffer> | null): void {
    this.points.setColors(colors);
    this.changed();
  }

  setHighlights(weights: Float32Array<ArrayBuffer> | null): void {
    this.points.setHighlights(weights);
    this.changed();
  }

  setSelection(indices: Iterable<number>): void {
    this.points.setSelection(indices);
    this.changed();
  }

  setHovered(index: number | null): void {
    if (index === this.points.hovered) return;
    this.points.setHovered(index);
    this.changed();
  }

  flyTo(target: number | readonly number[] | 'all'): void {
    this.lookout.flyTo(target === 'all' ? undefined : typeof target === 'number' ? [target] : target);
  }

  zoomBy(factor: number): void {
    const { camera } = this;
    camera.zoom(factor, camera.width / 2, camera.height / 2);
    this.lookout.handMoved();
  }

  setMode(mode: MapMode): void {
    this.controls.mode = mode;
    this.showCursor();
  }

  setTheme(theme: Theme): void {
    this.palette = palettes[theme];
    this.points.setPalette(this.palette);
    this.labels.setPalette(this.palette);
    this.surface.setPalette(this.palette);
    this.changed();
  }

  setLabel(label: string): void {
    this.surface.setLabel(label);
  }

  async snapshot(): Promise<Blob> {
    const { painter, camera, labels } = this;
    if (!painter) throw new Error('The map has no canvas yet; take the snapshot when it has been made.');
    // A canvas on the GPU can be read only in the task that drew it.
    this.clock.drawNow();
    return takeSnapshot(painter.canvas, camera, labels);
  }

  drawing(): MapDrawing {
    const { points, sight, camera, palette, labels, clock } = this;
    // So that the labels are where their items are.
    clock.drawNow();
    return describeDrawing({ points, sight, camera, palette, labels: labels.boxes() });
  }

  itemAt(x: number, y: number): number | null {
    return this.sight.itemAt(x, y);
  }

  screenPosition(index: number): Point | null {
    return this.sight.positionOf(index);
  }

  visibleItems(): Uint32Array<ArrayBuffer> {
    return this.sight.inView();
  }

  settled(): Promise<void> {
    return this.clock.settled();
  }

  rebuild(device: GPUDevice | null): Promise<void> {
    return this.stage.rebuild(device);
  }

  stats(): MapStats {
    return {
      backend: this.backend,
      points: this.points.shown,
      thumbnails: this.sight.thumbnails.length,
      labels: this.labels.count,
      frames: this.clock.frames,
      fps: this.clock.fps,
      frameMs: this.clock.frameMs,
      thumbnailBytes: this.stage.atlas.pixels.byteLength,
    };
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.clock.dispose();
    this.controls.dispose();
    this.surface.dispose();
    this.setPainter(null);
    this.stage.drop(this);
    this.onDispose();
  }

  /** Draws with this from now on; null until there is another. */
  setPainter(painter: Painter | null): void {
    this.painter?.dispose();
    this.painter = painter;
    if (!painter) return;
    this.sight.withThumbnails = painter.backend !== 'canvas';
    this.surface.setCanvas(painter.canvas);
    this.resize(this.element.clientWidth, this.element.clientHeight);
  }

  changed(): void {
    this.sight.invalidate();
    this.clock.request();
  }

  outline(polygon: readonly Point[] | null): void {
    this.surface.outline(polygon);
  }

  hover(index: number | null, place: Point): void {
    if (index === this.points.hovered) return;
    this.setHovered(index);
    this.showCursor();
    const box = this.element.getBoundingClientRect();
    this.options.onHover?.(index, { x: box.left + place.x, y: box.top + place.y });
  }

  private resize(width: number, height: number): void {
    if (width === 0 || height === 0) return;
    this.missed = false;
    this.sharpness = pixelRatio();
    this.painter?.resize(width, height, this.sharpness);
    this.lookout.resize(width, height);
    this.sight.invalidate();
    // Resizing empties a canvas: it is filled again before the browser shows it.
    this.clock.drawNow();
  }

  private ask(missing: readonly number[]): void {
    const { asked } = this.stage;
    if (!this.options.onThumbnailsWanted) return;
    const fresh = missing.filter((index) => !asked.has(this.points.ids[index] ?? ''));
    if (fresh.length === 0) return;
    for (const index of fresh) asked.add(this.points.ids[index] ?? '');
    const wanted = Uint32Array.from(fresh);
    queueMicrotask(() => this.options.onThumbnailsWanted?.(wanted));
  }

  /** @returns what `FrameClock` wants to know */
  private frame(elapsedMs: number, now: number): number | null {
    const { camera, points, painter, sight, stage } = this;
    this.missed = !painter || this.element.clientWidth === 0;
    if (!painter || this.missed) return null;
    if (this.sharpness !== pixelRatio()) {
      // The window went to another screen, or the page was zoomed.
      this.sharpness = pixelRatio();
      painter.resize(camera.width, camera.height, this.sharpness);
    }
    const camMoves = camera.step(elapsedMs);
    const pointsMove = points.step(elapsedMs);
    sight.invalidate();
    const reach = extentOf(points) * 0.75;
    try {
      painter.draw({
        camera,
        points,
        detail: sight.detail,
        thumbnails: sight.thumbnails,
        atlas: stage.atlas,
        palette: this.palette,
        pixelRatio: this.sharpness,
        fade: {
          near: camera.distance - reach,
          far: camera.distance + reach,
          strength: points.dimensions === 3 ? 0.6 : 0,
        },
      });
    } catch (cause) {
      stage.options.onError?.(new Error('The map could not draw a frame.', { cause }));
    }
    const labelsWait = this.labels.update(points, sight.projected, camera, sight.detail, now);
    return camMoves || pointsMove ? 0 : labelsWait;
  }

  private showCursor(): void {
    const pulling = this.controls.mode !== 'navigate';
    this.surface.setCursor(pulling ? 'crosshair' : this.points.hovered === null ? 'default' : 'pointer');
  }
}

function pixelRatio(): number {
  return Math.min(MAX_PIXEL_RATIO, globalThis.devicePixelRatio || 1);
}
