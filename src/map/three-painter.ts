import { CanvasTarget, Color, OrthographicCamera, Scene, type WebGPURenderer } from 'three/webgpu';
import { Dots } from './dots.ts';
import { createCanvas, type Frame, type Painter } from './painter.ts';
import type { ThreeKit } from './three-kit.ts';
import { Thumbnails } from './thumbnails.ts';
import { setUniforms } from './uniforms.ts';

/** Draws one canvas with three.js; on WebGPU it shares its kit with the painters of other canvases. */
export class ThreePainter implements Painter {
  private readonly scene = new Scene();
  // Only handed over: the materials project with the map's own camera.
  private readonly camera = new OrthographicCamera();
  private readonly dots: Dots;
  private readonly thumbnails: Thumbnails;
  private readonly background = new Color();

  /** A painter with a canvas of its own on the kit's device. */
  static onWebGpu(kit: ThreeKit): ThreePainter {
    const canvas = createCanvas();
    return new ThreePainter('webgpu', kit, canvas, new CanvasTarget(canvas));
  }

  /** A painter on the kit's own canvas: WebGL can draw no other. The kit goes when the painter does. */
  static onWebGl(kit: ThreeKit): ThreePainter {
    return new ThreePainter('webgl', kit, kit.renderer.domElement, kit.renderer.getCanvasTarget());
  }

  private constructor(
    readonly backend: 'webgpu' | 'webgl',
    private readonly kit: ThreeKit,
    readonly canvas: HTMLCanvasElement,
    private readonly target: CanvasTarget,
  ) {
    this.dots = new Dots(kit.dotMaterial);
    this.thumbnails = new Thumbnails(kit.thumbnailMaterial);
    this.scene.add(this.dots.mesh, this.thumbnails.mesh);
    this.scene.background = this.background;
    this.scene.matrixAutoUpdate = false;
  }

  resize(width: number, height: number, pixelRatio: number): void {
    const { renderer } = this.kit;
    // Only the canvas that the renderer draws now tells it of a new size.
    renderer.setCanvasTarget(this.target);
    renderer.setPixelRatio(pixelRatio);
    renderer.setSize(width, height, false);
  }

  draw(frame: Frame): void {
    const { renderer, uniforms, pictures } = this.kit;
    const [red, green, blue] = frame.palette.background;
    this.background.setRGB(red / 255, green / 255, blue / 255);
    setUniforms(uniforms, frame);
    pictures.upload(frame.atlas);
    this.dots.update(frame.points);
    this.thumbnails.update(frame);
    renderer.setCanvasTarget(this.target);
    renderer.render(this.scene, this.camera);
    stopIdling(renderer);
  }

  dispose(): void {
    this.dots.dispose();
    this.thumbnails.dispose();
    this.canvas.remove();
    if (this.backend === 'webgl') this.kit.dispose();
    else this.target.dispose();
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
