import type { Camera } from './camera.ts';
import type { LabelLayer } from './label-layer.ts';

/** What was just drawn, labels included, as a PNG at the screen's resolution. */
export async function takeSnapshot(
  canvas: HTMLCanvasElement,
  camera: Camera,
  labels: LabelLayer,
): Promise<Blob> {
  const { width, height } = canvas;
  const picture = new OffscreenCanvas(width, height);
  const context = picture.getContext('2d');
  if (!context) throw new Error('This browser gives no 2D canvas, so no snapshot can be made.');
  context.drawImage(canvas, 0, 0);
  context.scale(width / camera.width, height / camera.height);
  labels.paint(context);
  return picture.convertToBlob({ type: 'image/png' });
}
