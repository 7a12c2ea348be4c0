import { Color, LinearSRGBColorSpace, OrthographicCamera, Scene, WebGPURenderer } from 'three/webgpu';
import { Dots } from './dots.ts';
import { createCanvas, type Frame, type Painter } from './painter.ts';
import { Thumbnails } from './thumbnails.ts';
import { createUniforms, setUniforms } from './uniforms.ts';

/** Draws with three.js: on the page's device, or without one on WebGL2. */
export class ThreePainter implements Painter {
  readonly canvas: HTMLCanvasElement;
  private readonly scene = new Scene();
  // Only handed over: the materials project with the map's own camera.
  private readonly camera = new OrthographicCamera();
  private readonly uniforms = createUniforms();
  private readonly dots = new Dots(this.uniforms);
  private readonly thumbnails = new Thumbnails(this.uniforms);
  private readonly background = new Color();

  /** @throws when the backend is not to be had here */
  static async create(device: GPUDevice | null, onLost: (reason: string) => void): Promise<ThreePainter> {
    const canvas = createCanvas();
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
    renderer.onDeviceLost = (info) => onLost(info.message);
    // three.js goes over to WebGL2 by itself where WebGPU fails.
    return new ThreePainter(canvas, renderer, 'isWebGPUBackend' in renderer.backend ? 'webgpu' : 'webgl');
  }

  private constructor(
    canvas: HTMLCanvasElement,
    private readonly renderer: WebGPURenderer,
    readonly backend: 'webgpu' | 'webgl',
  ) {
    this.canvas = canvas;
    // Colors are sRGB from end to end, which spares a second pass over every pixel.
    renderer.outputColorSpace = LinearSRGBColorSpace;
    this.scene.add(this.dots.mesh, this.thumbnails.mesh);
    this.scene.background = this.background;
    this.scene.matrixAutoUpdate = false;
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(width, height, false);
  }

  draw(frame: Frame): void {
    const [red, green, blue] = frame.palette.background;
    this.background.setRGB(red / 255, green / 255, blue / 255);
    setUniforms(this.uniforms, frame);
    this.dots.update(frame.points);
    this.thumbnails.update(frame);
    this.renderer.render(this.scene, this.camera);
    stopIdling(this.renderer);
  }

  dispose(): void {
    this.dots.dispose();
    this.thumbnails.dispose();
    this.canvas.remove();
    void this.renderer.dispose();
  }
}

/**
 * three.js wakes at every screen refresh once it has drawn, also when nothing is to do; each `render` starts this anew.
 * It has no public way to stop, so this looks for the private one and does without where a later version has none.
 */
function stopIdling(renderer: WebGPURenderer): void {
  const animation: unknown = Reflect.get(renderer, '_animation');
  if (typeof animation !== 'object' || animation === null) return;
  const stop: unknown = Reflect.get(animation, 'stop');
  if (typeof stop === 'function') stop.call(animation);
}
