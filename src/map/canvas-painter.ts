import { createCanvas, type Frame, type Painter } from './painter.ts';
import { STYLE_MARK, STYLE_VISIBLE } from './points.ts';
import { cssColor } from './theme.ts';

/** The way without any GPU: dots on a 2D canvas. */
export class CanvasPainter implements Painter {
  readonly backend = 'canvas';
  readonly canvas = createCanvas();
  private readonly context: CanvasRenderingContext2D;
  private projected = new Float32Array(0);

  constructor() {
    // Where there is no GPU, drawing on one that is emulated takes several times as long: this keeps it on the CPU.
    const context = this.canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('This browser can draw neither with WebGPU, WebGL2 nor a 2D canvas.');
    this.context = context;
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
  }

  draw(frame: Frame): void {
    const { camera, points, palette, detail } = frame;
    const { context } = this;
    if (this.projected.length < points.count * 3) this.projected = new Float32Array(points.count * 3);
    camera.project(points.current, this.projected, points.count);
    context.setTransform(frame.pixelRatio, 0, 0, frame.pixelRatio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = cssColor(palette.background);
    context.fillRect(0, 0, camera.width, camera.height);
    const marked: number[] = [];
    for (let index = 0; index < points.count; index++) {
      if ((points.style[index * 4 + STYLE_MARK] ?? 0) > 0) marked.push(index);
      else this.dot(frame, index, detail.dotRadius);
    }
    for (const index of marked) this.dot(frame, index, detail.dotRadius);
  }

  dispose(): void {
    this.canvas.remove();
  }

  private dot(frame: Frame, index: number, radiusAtTarget: number): void {
    const { points, camera, palette } = frame;
    const depth = this.projected[index * 3 + 2] ?? 0;
    if (points.style[index * 4 + STYLE_VISIBLE] === 0 || depth <= 0) return;
    const { context } = this;
    const x = this.projected[index * 3] ?? 0;
    const y = this.projected[index * 3 + 1] ?? 0;
    const radius = Math.min(14, Math.max(1.25, (radiusAtTarget * camera.distance) / depth));
    const [red = 0, green = 0, blue = 0] = points.colors.subarray(index * 4, index * 4 + 3);
    context.globalAlpha = 0.15 + 0.85 * points.weight(index);
    context.fillStyle = cssColor([red, green, blue]);
    context.beginPath();
    if (points.kinds[index] === 'text') {
      context.roundRect(x - radius, y - radius, 2 * radius, 2 * radius, radius * 0.4);
    } else {
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill();
    if ((points.style[index * 4 + STYLE_MARK] ?? 0) === 0) return;
    context.globalAlpha = 1;
    context.strokeStyle = cssColor(palette.accent);
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, radius + 2.5, 0, 2 * Math.PI);
    context.stroke();
  }
}
