import type { RgbaImage } from '../common/image.ts';

/** Side of a thumbnail's cell in pixels. */
const CELL = 64;
/** Cells along a layer's side; a layer is 512 × 512 pixels, 1 MB, and is uploaded whole when one of its cells changes. */
const ACROSS = 8;
export const LAYER_SIZE = CELL * ACROSS;
const CELLS_PER_LAYER = ACROSS * ACROSS;
const LAYER_BYTES = LAYER_SIZE * LAYER_SIZE * 4;
// Every WebGPU and WebGL2 implementation offers 256 layers.
const MAX_LAYERS = 256;

/** Where a picture lies: layer, left and top of its cell, and its size within it, in pixels. */
export interface Cell {
  readonly layer: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Entry {
  slot: number;
  width: number;
  height: number;
}

/**
 * Thumbnails by item id, in layers of cells, premultiplied. Memory is bounded: when every cell is taken, the picture
 * that was not looked at for longest gives up its own.
 */
export class Atlas {
  /** Layers there are; grows up to the bound. */
  layers = 0;
  pixels = new Uint8Array(0);
  /** Grows with every change of a layer; whoever draws compares it with what it took last. */
  readonly versions: number[] = [];
  // Insertion order is the order of use: the first was not looked at for longest.
  private readonly entries = new Map<string, Entry>();
  private readonly free: number[] = [];
  readonly capacity: number;
  private used = 0;
  private readonly scratch = new OffscreenCanvas(CELL, CELL);

  constructor(capacity = MAX_LAYERS * CELLS_PER_LAYER) {
    this.capacity = Math.max(1, Math.min(capacity, MAX_LAYERS * CELLS_PER_LAYER));
  }

  has(id: string): boolean {
    return this.entries.has(id);
  }

  cell(id: string): Cell | undefined {
    const entry = this.entries.get(id);
    if (!entry) return undefined;
    const within = entry.slot % CELLS_PER_LAYER;
    return {
      layer: Math.floor(entry.slot / CELLS_PER_LAYER),
      x: (within % ACROSS) * CELL,
      y: Math.floor(within / ACROSS) * CELL,
      width: entry.width,
      height: entry.height,
    };
  }

  /** Says that this picture was on the screen. */
  touch(id: string): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.entries.delete(id);
    this.entries.set(id, entry);
  }

  /** How many pictures it holds. */
  get count(): number {
    return this.entries.size;
  }

  /** Keeps only these; the cells of all others are free again. */
  retain(ids: ReadonlySet<string>): void {
    for (const [id, entry] of this.entries) {
      if (ids.has(id)) continue;
      this.entries.delete(id);
      this.free.push(entry.slot);
    }
  }

  set(id: string, image: RgbaImage | ImageBitmap): void {
    const { data, width, height } = this.fit(image);
    const known = this.entries.get(id);
    const slot = known?.slot ?? this.takeSlot();
    this.entries.delete(id);
    this.entries.set(id, { slot, width, height });
    const layer = Math.floor(slot / CELLS_PER_LAYER);
    const within = slot % CELLS_PER_LAYER;
    const left = (within % ACROSS) * CELL;
    const top = Math.floor(within / ACROSS) * CELL;
    for (let row = 0; row < height; row++) {
      let at = layer * LAYER_BYTES + ((top + row) * LAYER_SIZE + left) * 4;
      let source = row * width * 4;
      for (let column = 0; column < width; column++, at += 4, source += 4) {
        // Premultiplied, so that a transparent pixel's color does not bleed into its neighbors when drawn smaller.
        const alpha = (data[source + 3] ?? 255) / 255;
        this.pixels[at] = Math.round((data[source] ?? 0) * alpha);
        this.pixels[at + 1] = Math.round((data[source + 1] ?? 0) * alpha);
        this.pixels[at + 2] = Math.round((data[source + 2] ?? 0) * alpha);
        this.pixels[at + 3] = data[source + 3] ?? 255;
      }
    }
    this.versions[layer] = (this.versions[layer] ?? 0) + 1;
  }

  private takeSlot(): number {
    const freed = this.free.pop();
    if (freed !== undefined) return freed;
    if (this.used < this.capacity) {
      if (this.used >= this.layers * CELLS_PER_LAYER) this.grow();
      return this.used++;
    }
    const oldest = this.entries.entries().next().value;
    if (!oldest) throw new Error('The atlas of thumbnails has no cell.');
    this.entries.delete(oldest[0]);
    return oldest[1].slot;
  }

  private grow(): void {
    // Doubling at first, then by 32 MB: growing copies everything, but must not hold twice what is needed.
    const next = Math.min(MAX_LAYERS, Math.max(2, Math.min(this.layers * 2, this.layers + 32)));
    const pixels = new Uint8Array(next * LAYER_BYTES);
    pixels.set(this.pixels);
    this.pixels = pixels;
    this.layers = next;
  }

  private fit(image: RgbaImage | ImageBitmap): {
    data: Uint8ClampedArray;
    width: number;
    height: number;
  } {
    const scale = Math.min(1, CELL / Math.max(image.width, image.height));
    const width = Math.max(1, Math.round(image.width * scale));
    const height = Math.max(1, Math.round(image.height * scale));
    if ('data' in image && scale === 1) return { data: image.data, width, height };
    const context = this.scratch.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('This browser gives no 2D canvas, so thumbnails cannot be made.');
    context.clearRect(0, 0, CELL, CELL);
    context.imageSmoothingQuality = 'high';
    context.drawImage('data' in image ? canvasOf(image) : image, 0, 0, width, height);
    return { data: context.getImageData(0, 0, width, height).data, width, height };
  }
}

function canvasOf(image: RgbaImage): OffscreenCanvas {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  return canvas;
}
