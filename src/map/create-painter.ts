import { CanvasPainter } from './canvas-painter.ts';
import type { Painter } from './painter.ts';
import { ThreePainter } from './three-painter.ts';

/**
 * The best painter that works here: the device given, else WebGL2, else a 2D canvas.
 *
 * @param onProblem hears why a better one was passed over, and when the one in use loses its device
 */
export async function createPainter(
  device: GPUDevice | null,
  atMost: 'webgl' | 'canvas' | undefined,
  onProblem: (error: Error, lost: boolean) => void,
): Promise<Painter> {
  const lost = (reason: string) => onProblem(new Error(`The map lost its graphics device: ${reason}`), true);
  const tries: { name: string; device: GPUDevice | null }[] = [];
  if (device && atMost === undefined) tries.push({ name: 'WebGPU', device });
  if (atMost !== 'canvas') tries.push({ name: 'WebGL2', device: null });
  for (const { name, device: given } of tries) {
    try {
      return await ThreePainter.create(given, lost);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      onProblem(new Error(`The map cannot draw with ${name}: ${reason}`, { cause }), false);
    }
  }
  return new CanvasPainter();
}
