import type { RgbaImage } from '../common/image.ts';
import type { ItemKind } from '../data/item.ts';
import type { MapDrawing } from './drawing.ts';

export type Theme = 'light' | 'dark';
export type MapMode = 'navigate' | 'box' | 'lasso';
export type MapBackend = 'webgpu' | 'webgl' | 'canvas';

/** A place in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What the map needs to know of an item; an `Item` of src/data is one. */
export interface MapItem {
  /** Stays with the item when others come and go: thumbnails, texts and places are kept by it. */
  readonly id: string;
  readonly kind: ItemKind;
}

export interface ThumbnailEntry {
  readonly index: number;
  readonly image: RgbaImage | ImageBitmap;
}

/** What all panes of a stage have in common. */
export interface StageOptions {
  /** The page's one device. Without it the map draws on WebGL2, and where that fails on a 2D canvas. */
  readonly device?: GPUDevice | null | undefined;
  readonly theme: Theme;
  /** Drawing failed or its device was lost; the map stays usable after `rebuild`. */
  onError?(error: Error): void;
  /** The most thumbnails held at once; 16,384 (256 MB) unless told. */
  readonly maxThumbnails?: number | undefined;
  /** What the system says unless told. */
  readonly reducedMotion?: boolean | undefined;
  /** Skips the backends before this one. */
  readonly atMost?: 'webgl' | 'canvas' | undefined;
}

export interface PaneOptions {
  /** Where the map goes; it fills it and follows its size. */
  readonly container: HTMLElement;
  /** What it is called for those who do not see it; "Map of items" unless told. */
  readonly label?: string | undefined;
  /** The item under the pointer (or stepped to by keyboard) changed; `clientPoint` is relative to the window. */
  onHover?(index: number | null, clientPoint: Point): void;
  /** An item, or empty ground (null), was clicked, tapped, or chosen with Enter. Escape gives null. */
  onPick?(index: number | null, modifiers: { readonly additive: boolean }): void;
  /** A box or lasso was closed around these items; `additive` when they join the selection there was. */
  onSelect?(indices: Uint32Array<ArrayBuffer>, additive: boolean): void;
  /** These items would be drawn as thumbnails now, and the stage holds no picture of them (never set, or given up). */
  onThumbnailsWanted?(indices: Uint32Array<ArrayBuffer>): void;
  /** CSS pixels at the top that something lies over: what is fitted keeps clear of them. */
  readonly coveredTop?: number | undefined;
}

export type MapOptions = StageOptions & PaneOptions;

export interface MapStats {
  readonly backend: MapBackend;
  /** Items that have a place and are drawn. */
  readonly points: number;
  readonly thumbnails: number;
  readonly labels: number;
  /** Frames drawn since the map was made. */
  readonly frames: number;
  /** Over the last second in which frames were drawn. */
  readonly fps: number;
  /** Mean time of our own work a frame, over the last 30 frames. */
  readonly frameMs: number;
  /** Bytes held for thumbnails (the same again on the GPU). */
  readonly thumbnailBytes: number;
}

export interface GlideOptions {
  /** Unless told, things glide to where they are set. */
  readonly animate?: boolean;
  /** How long that takes, from rest to rest; unless told, it is short and made for places that come often. */
  readonly slowMs?: number;
}

/** A map on the screen. Indices are rows of the last `setItems`. Distances on the screen are CSS pixels from the map's top left. */
export interface MapPane {
  readonly backend: MapBackend;
  /** The element that takes focus, pointer and keys. */
  readonly element: HTMLElement;
  /** Says which items there are. Kept by id: places, thumbnails, texts. Colors, highlights and selection are dropped. */
  setItems(items: readonly MapItem[]): void;
  /**
   * @param positions rows × dimensions, row-major, about ±10; the rows are the first items. A row with NaN is not drawn;
   *   an item without a row waits where it is.
   * @throws {RangeError} when the length is no multiple of `dimensions`, or there are more rows than items
   */
  setPositions(positions: Float32Array<ArrayBuffer>, dimensions: 2 | 3, options?: GlideOptions): void;
  setThumbnail(index: number, image: RgbaImage | ImageBitmap): void;
  /** Pictures of any size; they are made to fit 64 pixels with their aspect kept. */
  setThumbnails(entries: readonly ThumbnailEntry[]): void;
  /** One a row; undefined or empty for none. Null removes all. */
  setTexts(texts: readonly (string | undefined)[] | null): void;
  /** RGBA, four bytes an item; null for the colors of their kinds. */
  setColors(colors: Uint8Array<ArrayBuffer> | null): void;
  /** 0 (dimmed) to 1 (full), one an item; null when nothing is singled out. */
  setHighlights(weights: Float32Array<ArrayBuffer> | null): void;
  setSelection(indices: Iterable<number>): void;
  setHovered(index: number | null): void;
  /** Moves the camera to an item, to several, or so that all is seen. */
  flyTo(target: number | readonly number[] | 'all'): void;
  /** Comes nearer to the middle (more than 1) or goes away from it (less). */
  zoomBy(factor: number): void;
  setMode(mode: MapMode): void;
  setTheme(theme: Theme): void;
  setLabel(label: string): void;
  /** What is on the screen, labels included, as a PNG at the screen's resolution. */
  snapshot(): Promise<Blob>;
  /** What is on the screen as plain data, for drawing it elsewhere. */
  drawing(): MapDrawing;
  /** The item drawn at this place, or null. */
  itemAt(x: number, y: number): number | null;
  /** Where an item is on the screen; null when it has no place or is behind the camera. */
  screenPosition(index: number): Point | null;
  /** Items whose middle is on the screen now. */
  visibleItems(): Uint32Array<ArrayBuffer>;
  /** Resolves when nothing moves any more and the last frame is drawn. */
  settled(): Promise<void>;
  stats(): MapStats;
  dispose(): void;
}

/** The one map of a page. */
export interface MapView extends MapPane {
  /** Draws on another device (null: without one) from the copies in memory. */
  rebuild(device: GPUDevice | null): Promise<void>;
}

/** Several maps side by side: on WebGPU they share one renderer, always one store of thumbnails. */
export interface MapStage {
  addPane(options: PaneOptions): Promise<MapPane>;
  /** Whether panes of the same dimensions look from the same place: one moves, all move. True at first. */
  setLinked(linked: boolean): void;
  /** See `MapView.rebuild`; all panes. */
  rebuild(device: GPUDevice | null): Promise<void>;
  dispose(): void;
}
