import source from '../../shaders/matrix-draw.wgsl?raw';
import { makeTurns } from '../common/turns.ts';
import { GpuFault } from '../gpu/errors.ts';
import { makeShaderDataDefinitions, makeStructuredView } from '../gpu/reflection.ts';
import { createCanvas, type Frame, type Painter } from './painter.ts';
import type { Colors } from './palette.ts';
import type { Pyramid } from './pyramid.ts';

const NAME = 'matrix-draw';

// Sent in pieces, so that no one of them takes the page long.
const PIECE_BYTES = 4 * 2 ** 20;

/** Draws on the page's device: all levels of a pyramid are one buffer (33 MB at 5,000 items, a quarter of the smallest binding). */
export class GpuPainter implements Painter {
  readonly backend = 'webgpu';
  readonly canvas = createCanvas();
  private readonly uniforms: GPUBuffer;
  private readonly values;
  private picture:
    | { readonly count: number; readonly group: GPUBindGroup; readonly buffers: readonly GPUBuffer[] }
    | undefined;
  /** Grows with each picture: one that comes while another is being sent takes its place. */
  private asked = 0;

  /** @throws {GpuFault} when the shader does not compile here */
  static async open(device: GPUDevice): Promise<GpuPainter> {
    const format = navigator.gpu.getPreferredCanvasFormat();
    const module = device.createShaderModule({ label: NAME, code: source });
    try {
      const pipeline = await device.createRenderPipelineAsync({
        label: NAME,
        layout: 'auto',
        vertex: { module },
        fragment: { module, targets: [{ format }] },
      });
      return new GpuPainter(device, pipeline, format);
    } catch (failure) {
      throw new GpuFault(NAME, failure instanceof Error ? failure.message : String(failure));
    }
  }

  private readonly context: GPUCanvasContext;

  private constructor(
    private readonly device: GPUDevice,
    private readonly pipeline: GPURenderPipeline,
    format: GPUTextureFormat,
  ) {
    const context = this.canvas.getContext('webgpu');
    if (!context) throw new GpuFault(NAME, 'the canvas has no WebGPU context');
    context.configure({ device, format, alphaMode: 'opaque' });
    this.context = context;
    const { uniforms } = makeShaderDataDefinitions(source);
    if (!uniforms.job) throw new GpuFault(NAME, 'has no uniform struct named "job"');
    this.values = makeStructuredView(uniforms.job);
    this.uniforms = device.createBuffer({
      size: this.values.arrayBuffer.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  async setPicture({ bytes, count }: Pyramid, colors: Colors): Promise<void> {
    const { device } = this;
    const mine = ++this.asked;
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const cells = device.createBuffer({ label: 'matrix cells', size: bytes.byteLength, usage });
    const palette = device.createBuffer({ label: 'matrix colors', size: 256 * 16, usage });
    const lanes = new Float32Array(256 * 4);
    for (let byte = 0; byte < 256; byte++)
      for (let channel = 0; channel < 3; channel++)
        lanes[byte * 4 + channel] = (colors[byte * 3 + channel] ?? 0) / 255;
    device.queue.writeBuffer(palette, 0, lanes);
    const group = device.createBindGroup({
      layout: this.pipeline.getBindGroupLayout(0),
      entries: [this.uniforms, cells, palette].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const buffers = [cells, palette];
    const [invalid, full] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    const error = full ?? invalid;
    if (error) {
      for (const buffer of buffers) buffer.destroy();
      const size = `${Math.ceil(bytes.byteLength / 2 ** 20)} MiB`;
      throw new GpuFault(NAME, full ? `there is no room for ${size} on the GPU` : error.message);
    }
    const turn = makeTurns();
    for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
      device.queue.writeBuffer(cells, at, bytes, at, Math.min(PIECE_BYTES, bytes.byteLength - at));
      await turn();
    }
    if (mine !== this.asked) {
      for (const buffer of buffers) buffer.destroy();
      return;
    }
    this.free();
    this.picture = { count, group, buffers };
  }

  resize(width: number, height: number): void {
    this.canvas.width = width;
    this.canvas.height = height;
  }

  draw({ left, top, step, level, block, paper }: Frame): void {
    if (this.canvas.width === 0 || this.canvas.height === 0) return;
    const { device, picture } = this;
    const [r = 0, g = 0, b = 0] = paper.map((channel) => channel / 255);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginRenderPass({
      colorAttachments: [
        {
          view: this.context.getCurrentTexture().createView(),
          loadOp: 'clear',
          storeOp: 'store',
          clearValue: { r, g, b, a: 1 },
        },
      ],
    });
    if (picture) {
      const { offset, width } = level;
      const { count } = picture;
      this.values.set({ corner: [left, top], step, count, block, width, offset, paper: [r, g, b] });
      device.queue.writeBuffer(this.uniforms, 0, this.values.arrayBuffer);
      pass.setPipeline(this.pipeline);
      pass.setBindGroup(0, picture.group);
      pass.draw(3);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.asked++;
    this.free();
    this.uniforms.destroy();
    this.context.unconfigure();
    this.canvas.remove();
  }

  private free(): void {
    for (const buffer of this.picture?.buffers ?? []) buffer.destroy();
    this.picture = undefined;
  }
}
