import { createCanvas, type Frame, type Painter, TAPS } from './painter.ts';
import type { Colors } from './palette.ts';
import type { Pyramid } from './pyramid.ts';

/** The way without a GPU: the same means, pixel by pixel (shaders/matrix-draw.wgsl). */
export class CanvasPainter implements Painter {
  readonly backend = 'canvas';
  readonly canvas = createCanvas();
  private readonly context: CanvasRenderingContext2D;
  private picture: { readonly pyramid: Pyramid; readonly colors: Colors } | undefined;

  constructor() {
    const context = this.canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('This browser can draw neither with WebGPU nor on a 2D canvas.');
    this.context = context;
  }

  async setPicture(pyramid: Pyramid, colors: Colors): Promise<void> {
    this.picture = { pyramid, colors };
  }

  resize(width: number, height: number): void {
    this.canvas.width = width;
    this.canvas.height = height;
  }

  draw(frame: Frame): void {
    const { width, height } = this.canvas;
    if (width === 0 || height === 0) return;
    const image = this.context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const [red, green, blue] = frame.paper;
    pixels.fill((255 << 24) | (blue << 16) | (green << 8) | red);
    if (this.picture) paint(image.data, width, height, frame, this.picture);
    this.context.putImageData(image, 0, 0);
  }

  dispose(): void {
    this.canvas.remove();
  }
}

function paint(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  frame: Frame,
  { pyramid, colors }: { readonly pyramid: Pyramid; readonly colors: Colors },
): void {
  const { bytes, count } = pyramid;
  const { level, block, paper } = frame;
  const across = spansOf(frame.left, frame.step, width, count, block);
  const down = spansOf(frame.top, frame.step, height, count, block);
  for (let y = 0; y < height; y++) {
    const covered = down.sums[y] ?? 0;
    if (covered <= 0) continue;
    for (let x = 0; x < width; x++) {
      const here = across.sums[x] ?? 0;
      if (here <= 0) continue;
      let sum = 0;
      for (let row = 0; row < TAPS; row++) {
        const high = down.weights[y * TAPS + row] ?? 0;
        if (high <= 0) continue;
        const start = level.offset + ((down.first[y] ?? 0) + row) * level.width + (across.first[x] ?? 0);
        for (let column = 0; column < TAPS; column++) {
          const wide = across.weights[x * TAPS + column] ?? 0;
          if (wide > 0) sum += high * wide * (bytes[start + column] ?? 0);
        }
      }
      const mean = Math.min(255, sum / (covered * here));
      const cover = (covered * here) / (frame.step * frame.step);
      const low = Math.min(254, Math.floor(mean));
      const part = mean - low;
      for (let channel = 0; channel < 3; channel++) {
        const from = colors[low * 3 + channel] ?? 0;
        const color = from + part * ((colors[low * 3 + 3 + channel] ?? 0) - from);
        const ground = paper[channel] ?? 0;
        pixels[(y * width + x) * 4 + channel] = ground + cover * (color - ground);
      }
    }
  }
}

interface Spans {
  /** Of each pixel: the first block that it touches. */
  readonly first: Uint32Array;
  /** Pixels × TAPS: how many cells of each block lie under it. */
  readonly weights: Float32Array;
  /** Of each pixel: the sum of its weights. */
  readonly sums: Float32Array;
}

/** Which blocks lie under each pixel, in one direction. */
function spansOf(start: number, step: number, pixels: number, count: number, block: number): Spans {
  const first = new Uint32Array(pixels);
  const weights = new Float32Array(pixels * TAPS);
  const sums = new Float32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = Math.max(0, start + pixel * step);
    const to = Math.min(count, start + (pixel + 1) * step);
    if (to <= from) continue;
    const begin = Math.floor(from / block);
    first[pixel] = begin;
    for (let tap = 0; tap < TAPS; tap++) {
      const left = (begin + tap) * block;
      const weight = Math.max(0, Math.min(to, left + block) - Math.max(from, left));
      weights[pixel * TAPS + tap] = weight;
      sums[pixel] = (sums[pixel] ?? 0) + weight;
    }
  }
  return { first, weights, sums };
}
