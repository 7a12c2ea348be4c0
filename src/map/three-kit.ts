import { LinearSRGBColorSpace, WebGPURenderer } from 'three/webgpu';
import { AtlasTexture } from './atlas-texture.ts';
import { dotMaterial } from './dots.ts';
import { thumbnailMaterial } from './thumbnails.ts';
import { createUniforms } from './uniforms.ts';

/**
 * One renderer and what all that it draws has in common: materials, uniforms (set anew before each picture) and the
 * thumbnails on the GPU.
 */
export class ThreeKit {
  readonly uniforms = createUniforms();
  readonly pictures = new AtlasTexture();
  readonly dotMaterial = dotMaterial(this.uniforms);
  readonly thumbnailMaterial = thumbnailMaterial(this.uniforms, this.pictures.node);

  /**
   * @param canvas the renderer's own; on WebGPU others can be drawn as well
   * @throws when the backend is not to be had here
   */
  static async create(
    device: GPUDevice | null,
    canvas: HTMLCanvasElement,
    onLost: (reason: string) => void,
  ): Promise<ThreeKit> {
    // three.js puts its own handler here; the device is the page's, and so is what it reports.
    const handler = device?.onuncapturederror ?? null;
    const renderer = new WebGPURenderer({
      canvas,
      antialias: false,
      alpha: false,
      ...(device ? { device } : { forceWebGL: true }),
    });
    try {
      await renderer.init();
    } finally {
      if (device) device.onuncapturederror = handler;
    }
    // three.js goes over to WebGL2 by itself where WebGPU fails, on a canvas that is not shown.
    if (device && !('isWebGPUBackend' in renderer.backend)) {
      await renderer.dispose();
      throw new Error('three.js could not use the device');
    }
    renderer.onDeviceLost = (info) => onLost(info.message);
    return new ThreeKit(renderer);
  }

  private constructor(readonly renderer: WebGPURenderer) {
    // Colors are sRGB from end to end, which spares a second pass over every pixel.
    renderer.outputColorSpace = LinearSRGBColorSpace;
  }

  dispose(): void {
    this.pictures.dispose();
    this.dotMaterial.dispose();
    this.thumbnailMaterial.dispose();
    void this.renderer.dispose();
  }
}
