import type { Atlas } from './atlas.ts';
import type { Camera } from './camera.ts';
import type { Detail, Thumbnail } from './level-of-detail.ts';
import type { Points } from './points.ts';
import type { Palette } from './theme.ts';
import type { MapBackend } from './types.ts';

/** What one picture of the map is made of. */
export interface Frame {
  readonly camera: Camera;
  readonly points: Points;
  readonly detail: Detail;
  readonly thumbnails: readonly Thumbnail[];
  readonly atlas: Atlas;
  readonly palette: Palette;
  readonly pixelRatio: number;
  /** Depths between which things fade into the background, and how far (0: not at all, on a plane). */
  readonly fade: { readonly near: number; readonly far: number; readonly strength: number };
}

/** Draws frames on a canvas of its own. */
export interface Painter {
  readonly backend: MapBackend;
  readonly canvas: HTMLCanvasElement;
  resize(width: number, height: number, pixelRatio: number): void;
  draw(frame: Frame): void;
  dispose(): void;
}

/** A canvas that fills its parent and leaves pointer and focus to it. */
export function createCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;display:block;pointer-events:none';
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
}
