import type { Camera } from './camera.ts';
import type { Colors } from './palette.ts';
import type { Level, Pyramid } from './pyramid.ts';

/** Blocks under a pixel in one direction: a pixel is less than two wide, so it touches three at most. */
export const TAPS = 3;

/** What is drawn, in pixels of the screen. */
export interface Frame {
  /** Cells between the matrix's corner and the canvas' (less than 0 where the canvas begins beside the matrix). */
  readonly left: number;
  readonly top: number;
  /** Cells a pixel. */
  readonly step: number;
  /** Whose blocks are looked at, and cells across one of them. */
  readonly level: Level;
  readonly block: number;
  /** Red, green and blue beside the matrix, 0 to 255. */
  readonly paper: readonly [number, number, number];
}

/** Draws a pyramid: each pixel has the color of the mean of the cells under it, by their area. */
export interface Painter {
  readonly backend: 'webgpu' | 'canvas';
  readonly canvas: HTMLCanvasElement;
  /** @throws when there is no room for it */
  setPicture(pyramid: Pyramid, colors: Colors): Promise<void>;
  /** In pixels of the screen. */
  resize(width: number, height: number): void;
  draw(frame: Frame): void;
  dispose(): void;
}

/** From far the level is the last whose blocks are no larger than a pixel. */
export function frameOf(
  { levels }: Pyramid,
  { left, top, cell }: Camera,
  pixelRatio: number,
  paper: Frame['paper'],
): Frame {
  const step = 1 / (cell * pixelRatio);
  const wanted = Math.max(0, Math.floor(Math.log2(step)));
  const at = Math.min(levels.length - 1, wanted);
  const level = levels[at] ?? { offset: 0, width: 0 };
  return { left: -left / cell, top: -top / cell, step, level, block: 2 ** at, paper };
}

export function createCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position:absolute;display:block';
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
}
