import type { FigureSheet } from './figure.ts';

/**
 * A drawing as a PNG.
 *
 * @param sharpness pixels of the picture for each of the drawing
 * @throws {Error} where the browser gives no 2D canvas, or not one so large
 */
export async function pngOfSheet(sheet: FigureSheet, sharpness: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(Math.ceil(sheet.width * sharpness), Math.ceil(sheet.height * sharpness));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no 2D canvas for the picture. Export an SVG.');
  await paintSheet(context, sheet, sharpness);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Paints a drawing, as sharp as the canvas is. */
export async function paintSheet(
  context: OffscreenCanvasRenderingContext2D,
  { svg, width, height }: FigureSheet,
  sharpness: number,
): Promise<void> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    context.drawImage(image, 0, 0, width * sharpness, height * sharpness);
  } finally {
    URL.revokeObjectURL(address);
  }
}
