import { Atlas } from './atlas.ts';
import { Camera } from './camera.ts';
import { type ControlActions, Controls } from './controls.ts';
import { createPainter } from './create-painter.ts';
import { FrameClock } from './frame-clock.ts';
import { LabelLayer } from './label-layer.ts';
import { extentOf } from './level-of-detail.ts';
import type { Painter } from './painter.ts';
import { Points } from './points.ts';
import { Sight } from './sight.ts';
import { Surface } from './surface.ts';
import { type Palette, palettes } from './theme.ts';
import type {
  MapBackend,
  MapItem,
  MapMode,
  MapOptions,
  MapStats,
  MapView,
  Point,
  Theme,
  ThumbnailEntry,
} from './types.ts';

// More pixels than two a CSS pixel cost much and show little.
const MAX_PIXEL_RATIO = 2;
const FIT_MARGIN = 44;
/** How many even spacings wide the view of a single item is. */
const NEIGHBORHOOD = 9;
/** How much nearer a double click comes. */
const FLY_IN = 2.5;

/** Makes a map and draws its first frame. It always comes: without any GPU it is dots on a 2D canvas. */
export async function createMap(options: MapOptions): Promise<MapView> {
  const view = new View(options);
  await view.start();
  return view;
}

class View implements MapView {
  private readonly camera = new Camera();
  private readonly points = new Points();
  private readonly atlas: Atlas;
  private readonly labels = new LabelLayer();
  private readonly surface: Surface;
  private readonly controls: Controls;
  private readonly clock: FrameClock;
  private readonly motion = matchMedia('(prefers-reduced-motion: reduce)');
  private painter: Painter | null = null;
  private palette: Palette;
  private readonly sight: Sight;
  private sharpness = 1;
  private readonly asked = new Set<string>();
  /** Until somebody moves it, the camera keeps everything in view. */
  private following = true;
  /** Whether any place was ever set: the first frame is jumped to, not flown to. */
  private begun = false;
  private disposed = false;
  private rebuilds = 0;

  constructor(private readonly options: MapOptions) {
    this.palette = palettes[options.theme];
    this.atlas = new Atlas(options.maxThumbnails);
    this.sight = new Sight(this.points, this.camera, this.atlas);
    this.sight.onMissing = (indices) => this.ask(indices);
    this.surface = new Surface(options.container, this.labels.element, (width, height) => {
      // The observer also speaks up once at the beginning, when nothing has changed.
      if (width !== this.camera.width || height !== this.camera.height) this.resize(width, height);
    });
    this.controls = new Controls(this.surface.element, this.camera, this.actions());
    this.clock = new FrameClock((elapsedMs, now) => this.frame(elapsedMs, now));
    this.setTheme(options.theme);
  }

  get backend(): MapBackend {
    return this.painter?.backend ?? 'canvas';
  }

  get element(): HTMLElement {
    return this.surface.element;
  }

  async start(): Promise<void> {
    await this.rebuild(this.options.device ?? null);
    this.options.onReady?.(this.backend);
  }

  setItems(items: readonly MapItem[]): void {
    this.points.setItems(items);
    this.atlas.retain(new Set(this.points.ids));
    this.asked.clear();
    this.labels.reset();
    this.changed();
  }

  setPositions(
    positions: Float32Array<ArrayBuffer>,
    dimensions: 2 | 3,
    { animate = true }: { readonly animate?: boolean } = {},
  ): void {
    const turned = dimensions !== this.points.dimensions;
    const moves = animate && this.begun && !this.still;
    this.points.setPositions(positions, dimensions, moves);
    if (turned || !this.begun) this.camera.face(dimensions);
    if (turned) this.following = true;
    if (this.following) this.fit();
    if (!moves) this.camera.jump();
    this.begun ||= positions.length > 0;
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
      this.atlas.set(id, image);
      this.asked.delete(id);
    }
    this.changed();
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
    if (target === 'all') {
      this.following = true;
      this.fit();
    } else {
      const indices = typeof target === 'number' ? [target] : target;
      if (!this.fit(indices)) return;
      this.following = false;
    }
    this.cameraMoved();
  }

  zoomBy(factor: number): void {
    const { camera } = this;
    camera.zoom(factor, camera.width / 2, camera.height / 2);
    this.following = false;
    this.cameraMoved();
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

  async snapshot(): Promise<Blob> {
    const { painter, camera } = this;
    if (!painter) throw new Error('The map has no canvas yet; take the snapshot after onReady.');
    // A canvas on the GPU can be read only in the task that drew it.
    this.clock.drawNow();
    const { width, height } = painter.canvas;
    const picture = new OffscreenCanvas(width, height);
    const context = picture.getContext('2d');
    if (!context) throw new Error('This browser gives no 2D canvas, so no snapshot can be made.');
    context.drawImage(painter.canvas, 0, 0);
    context.scale(width / camera.width, height / camera.height);
    this.labels.paint(context);
    return picture.convertToBlob({ type: 'image/png' });
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

  async rebuild(device: GPUDevice | null): Promise<void> {
    const turn = ++this.rebuilds;
    const old = this.painter;
    this.painter = null;
    old?.dispose();
    const painter = await createPainter(device, this.options.atMost, (error, lost) => {
      this.options.onError?.(error);
      // WebGL has no device that somebody else could renew; WebGPU waits for the page's new one.
      if (lost && this.painter?.backend === 'webgl' && !this.disposed) void this.rebuild(null);
    });
    // Disposed of meanwhile, or overtaken by a later call.
    if (this.disposed || turn !== this.rebuilds) {
      painter.dispose();
      return;
    }
    this.painter = painter;
    this.sight.withThumbnails = painter.backend !== 'canvas';
    this.surface.setCanvas(painter.canvas);
    this.resize(this.element.clientWidth, this.element.clientHeight);
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
      thumbnailBytes: this.atlas.pixels.byteLength,
    };
  }

  dispose(): void {
    this.disposed = true;
    this.clock.dispose();
    this.controls.dispose();
    this.surface.dispose();
    this.painter?.dispose();
    this.painter = null;
  }

  private get still(): boolean {
    return this.options.reducedMotion ?? this.motion.matches;
  }

  private changed(): void {
    this.sight.invalidate();
    this.clock.request();
  }

  private cameraMoved(): void {
    if (this.still) this.camera.jump();
    this.changed();
  }

  /** Heads for a view of these (all unless told); false when none has a place. */
  private fit(indices?: readonly number[]): boolean {
    const { camera, points } = this;
    const bounds = points.bounds(indices);
    if (!bounds) return false;
    const places = points.places(indices);
    // A turning map turns about its mass: one far item would otherwise put all the rest to one side.
    const middle = (axis: 0 | 1 | 2) =>
      points.dimensions === 3 ? mean(places, axis) : (bounds.min[axis] + bounds.max[axis]) / 2;
    const before = camera.span;
    camera.fit([middle(0), middle(1), middle(2)], places, FIT_MARGIN, this.options.coveredTop);
    if (!indices) return true;
    // One item, or several in one place: near enough to see a few neighbors, no nearer; and never away from what one saw.
    const spacing = extentOf(points) / Math.sqrt(Math.max(1, points.shown));
    const neighborhood = spacing * NEIGHBORHOOD;
    camera.span =
      indices.length === 1 ? Math.min(before, neighborhood) : Math.max(camera.span, neighborhood / 3);
    return true;
  }

  private resize(width: number, height: number): void {
    if (width === 0 || height === 0) return;
    this.camera.resize(width, height);
    this.sharpness = pixelRatio();
    this.painter?.resize(width, height, this.sharpness);
    if (this.following) {
      this.fit();
      this.camera.jump();
    }
    this.sight.invalidate();
    // Resizing empties a canvas: it is filled again before the browser shows it.
    this.clock.drawNow();
  }

  private ask(missing: readonly number[]): void {
    if (!this.options.onThumbnailsWanted) return;
    const fresh = missing.filter((index) => !this.asked.has(this.points.ids[index] ?? ''));
    if (fresh.length === 0) return;
    for (const index of fresh) this.asked.add(this.points.ids[index] ?? '');
    const wanted = Uint32Array.from(fresh);
    queueMicrotask(() => this.options.onThumbnailsWanted?.(wanted));
  }

  /** @returns what `FrameClock` wants to know */
  private frame(elapsedMs: number, now: number): number | null {
    const { camera, points, painter, sight, surface } = this;
    if (!painter || surface.element.clientWidth === 0) return null;
    if (this.sharpness !== pixelRatio()) {
      // The window went to another screen, or the page was zoomed.
      this.sharpness = pixelRatio();
      painter.resize(camera.width, camera.height, this.sharpness);
    }
    const camMoves = camera.step(elapsedMs);
    const pointsMove = points.step(elapsedMs);
    this.sight.invalidate();
    const reach = extentOf(points) * 0.75;
    try {
      painter.draw({
        camera,
        points,
        detail: sight.detail,
        thumbnails: sight.thumbnails,
        atlas: this.atlas,
        palette: this.palette,
        pixelRatio: this.sharpness,
        fade: {
          near: camera.distance - reach,
          far: camera.distance + reach,
          strength: points.dimensions === 3 ? 0.6 : 0,
        },
      });
    } catch (cause) {
      this.options.onError?.(new Error('The map could not draw a frame.', { cause }));
    }
    const labelsWait = this.labels.update(points, sight.projected, camera, sight.detail, now);
    return camMoves || pointsMove ? 0 : labelsWait;
  }

  private showCursor(): void {
    const pulling = this.controls.mode !== 'navigate';
    this.surface.setCursor(pulling ? 'crosshair' : this.points.hovered === null ? 'default' : 'pointer');
  }

  private hover(index: number | null, place: Point): void {
    if (index === this.points.hovered) return;
    this.setHovered(index);
    this.showCursor();
    const box = this.element.getBoundingClientRect();
    this.options.onHover?.(index, { x: box.left + place.x, y: box.top + place.y });
  }

  private stepItem(direction: 1 | -1): void {
    const { points, camera } = this;
    if (points.shown === 0) return;
    let index = points.hovered ?? (direction === 1 ? -1 : points.count);
    do index = (index + direction + points.count) % points.count;
    while (!points.has(index));
    const place = this.screenPosition(index);
    const inView = place && place.x > 0 && place.y > 0 && place.x < camera.width && place.y < camera.height;
    if (!inView) {
      const at = index * 3;
      camera.flyTo(points.to[at] ?? 0, points.to[at + 1] ?? 0, points.to[at + 2] ?? 0);
      this.following = false;
      this.cameraMoved();
    }
    this.hover(index, inView ? place : { x: camera.width / 2, y: camera.height / 2 });
  }

  private actions(): ControlActions {
    const { points, options } = this;
    return {
      get dimensions() {
        return points.dimensions;
      },
      moved: () => {
        this.following = false;
        this.cameraMoved();
      },
      hover: (place) => this.hover(place && this.itemAt(place.x, place.y), place ?? { x: 0, y: 0 }),
      pick: (place, additive) => options.onPick?.(this.itemAt(place.x, place.y), { additive }),
      select: (polygon, additive) => {
        options.onSelect?.(this.sight.within(polygon), additive);
      },
      outline: (polygon) => this.surface.outline(polygon),
      flyIn: (place) => {
        this.camera.zoom(FLY_IN, place.x, place.y);
        this.following = false;
        this.cameraMoved();
      },
      fitAll: () => this.flyTo('all'),
      stepItem: (direction) => this.stepItem(direction),
      pickHovered: (additive) => points.hovered !== null && options.onPick?.(points.hovered, { additive }),
      clear: () => {
        this.hover(null, { x: 0, y: 0 });
        options.onPick?.(null, { additive: false });
      },
    };
  }
}

function pixelRatio(): number {
  return Math.min(MAX_PIXEL_RATIO, globalThis.devicePixelRatio || 1);
}

/** Mean of one coordinate of places (x, y, z, …). */
function mean(places: Float32Array, axis: 0 | 1 | 2): number {
  let sum = 0;
  for (let at: number = axis; at < places.length; at += 3) sum += places[at] ?? 0;
  return sum / (places.length / 3);
}
