import { createMap } from '../../src/map/create-map.ts';
import type { MapItem, MapOptions, MapPane, MapView } from '../../src/map/types.ts';

export const WIDTH = 400;
export const HEIGHT = 300;

/** The background of the light theme. */
export const PAPER = [251, 251, 250] as const;

export async function requestDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error('These tests need a WebGPU adapter; a software one will do.');
  return adapter.requestDevice();
}

/** A map of 400 × 300 that does not animate, and a way to be rid of it. */
export async function openMap(options: Partial<MapOptions> = {}): Promise<MapView> {
  const container = document.createElement('div');
  container.style.cssText = `position:fixed;left:0;top:0;width:${WIDTH}px;height:${HEIGHT}px`;
  document.body.append(container);
  const onError = (error: Error) => {
    throw error;
  };
  return createMap({ container, theme: 'light', reducedMotion: true, onError, ...options });
}

export function closeMap(map: MapView): void {
  const container = map.element.parentElement;
  map.dispose();
  container?.remove();
}

export function items(count: number, kind: MapItem['kind'] = 'picture'): MapItem[] {
  return Array.from({ length: count }, (_, index) => ({ id: `item-${index}`, kind }));
}

/** A picture of one color. */
export function plain(color: readonly [number, number, number], width = 64, height = 64) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([...color, 255], at);
  return { data, width, height };
}

/** What was drawn, by CSS pixel. */
export class Drawn {
  private readonly scale: number;

  private constructor(private readonly pixels: ImageData) {
    this.scale = pixels.width / WIDTH;
  }

  static async of(map: MapPane): Promise<Drawn> {
    const bitmap = await createImageBitmap(await map.snapshot());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (!context) throw new Error('no 2D canvas');
    context.drawImage(bitmap, 0, 0);
    return new Drawn(context.getImageData(0, 0, bitmap.width, bitmap.height));
  }

  at(x: number, y: number): [number, number, number] {
    const at = (Math.round(y * this.scale) * this.pixels.width + Math.round(x * this.scale)) * 4;
    const [red = 0, green = 0, blue = 0] = this.pixels.data.subarray(at, at + 3);
    return [red, green, blue];
  }

  /** Pixels in a part of the picture for which the test holds. */
  count(
    test: (red: number, green: number, blue: number) => boolean,
    left = 0,
    top = 0,
    right = WIDTH,
    bottom = HEIGHT,
  ): number {
    let found = 0;
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) if (test(...this.at(x, y))) found++;
    return found;
  }
}

/** Not the light theme's background. */
export function inked(red: number, green: number, blue: number): boolean {
  return Math.abs(red - PAPER[0]) + Math.abs(green - PAPER[1]) + Math.abs(blue - PAPER[2]) > 12;
}
