import { CanvasPainter } from './canvas-painter.ts';
import { createCanvas, type Painter } from './painter.ts';
import { ThreeKit } from './three-kit.ts';
import { ThreePainter } from './three-painter.ts';

/** Where painters come from. On WebGPU all of one studio share a renderer and the thumbnails' memory. */
export interface Studio {
  /** A painter with a canvas of its own: the best that works here. */
  open(): Promise<Painter>;
  /** To be called after its painters were disposed of. */
  dispose(): void;
}

/** Hears why something better was passed over, and when what is in use loses its device. */
type OnProblem = (error: Error, lost: boolean) => void;

/**
 * Painters on the device given; where that fails, or without one, each on its own WebGL2 context, and where that fails
 * on a 2D canvas.
 */
export async function createStudio(
  device: GPUDevice | null,
  atMost: 'webgl' | 'canvas' | undefined,
  onProblem: OnProblem,
): Promise<Studio> {
  if (device && atMost === undefined) {
    const kit = await tryKit(device, document.createElement('canvas'), onProblem);
    if (kit) return { open: async () => ThreePainter.onWebGpu(kit), dispose: () => kit.dispose() };
  }
  return {
    async open() {
      const kit = atMost === 'canvas' ? undefined : await tryKit(null, createCanvas(), onProblem);
      return kit ? ThreePainter.onWebGl(kit) : new CanvasPainter();
    },
    dispose() {},
  };
}

async function tryKit(
  device: GPUDevice | null,
  canvas: HTMLCanvasElement,
  onProblem: OnProblem,
): Promise<ThreeKit | undefined> {
  const lost = (reason: string) => onProblem(new Error(`The map lost its graphics device: ${reason}`), true);
  try {
    return await ThreeKit.create(device, canvas, lost);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const name = device ? 'WebGPU' : 'WebGL2';
    onProblem(new Error(`The map cannot draw with ${name}: ${reason}`, { cause }), false);
    return undefined;
  }
}
