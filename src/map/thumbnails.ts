import {
  abs,
  attribute,
  clamp,
  Discard,
  Fn,
  float,
  int,
  max,
  min,
  mix,
  select,
  step,
  varying,
  vec2,
  vec4,
} from 'three/tsl';
import { type BufferGeometry, Mesh, NodeMaterial, type TextureNode } from 'three/webgpu';
import { LAYER_SIZE } from './atlas.ts';
import type { Frame } from './painter.ts';
import { drawFirst, fill, quadGeometry } from './quads.ts';
import { fadeAt, layered, type MapUniforms } from './uniforms.ts';

/** Room around a thumbnail for the ring of a selected one, CSS pixels. */
const RING = 3;

const LAYOUT = {
  place: { size: 3 },
  cell: { size: 3 },
  size: { size: 4 },
  mark: { size: 3 },
  tint: { size: 4 },
};

/** The thumbnails chosen for a frame: one draw call of quads that read an array of atlas layers. */
export class Thumbnails {
  readonly mesh: Mesh;
  private geometry: BufferGeometry = quadGeometry(1, LAYOUT);
  private place = new Float32Array(0);
  private cell = new Float32Array(0);
  private size = new Float32Array(0);
  private mark = new Float32Array(0);
  private tint = new Float32Array(0);
  private capacity = 0;

  constructor(material: NodeMaterial) {
    this.mesh = new Mesh(this.geometry, material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 1;
  }

  update(frame: Frame): void {
    const { thumbnails, points } = frame;
    this.mesh.visible = thumbnails.length > 0;
    if (thumbnails.length === 0) return;
    if (thumbnails.length > this.capacity) this.reserve(thumbnails.length);
    const count = thumbnails.length;
    drawFirst(this.geometry, count);
    const { current } = points;
    thumbnails.forEach(({ index, cell, halfWidth, halfHeight }, row) => {
      const at = index * 3;
      this.place.set([current[at] ?? 0, current[at + 1] ?? 0, current[at + 2] ?? 0], row * 3);
      this.cell.set([cell.layer, cell.x, cell.y], row * 3);
      this.size.set([halfWidth, halfHeight, cell.width, cell.height], row * 4);
      const marked = points.selection.has(index) || points.hovered === index;
      this.tint.set(points.ownColor(index), row * 4);
      this.mark.set([points.weight(index), marked ? 1 : 0, frame.detail.thumbnailOpacity], row * 3);
    });
    for (const name of ['place', 'cell', 'size', 'mark', 'tint'] as const)
      fill(this.geometry, name, this[name], count);
  }

  dispose(): void {
    this.geometry.dispose();
  }

  private reserve(count: number): void {
    this.capacity = Math.max(64, Math.ceil(count * 1.5));
    this.place = new Float32Array(this.capacity * LAYOUT.place.size);
    this.cell = new Float32Array(this.capacity * LAYOUT.cell.size);
    this.size = new Float32Array(this.capacity * LAYOUT.size.size);
    this.mark = new Float32Array(this.capacity * LAYOUT.mark.size);
    this.tint = new Float32Array(this.capacity * LAYOUT.tint.size);
    this.geometry.dispose();
    this.geometry = quadGeometry(this.capacity, LAYOUT);
    this.mesh.geometry = this.geometry;
  }
}

/** How thumbnails are drawn; one for all panes of a renderer. */
export function thumbnailMaterial(uniforms: MapUniforms, pictures: TextureNode): NodeMaterial {
  const { viewProjection, viewport, pixelRatio, background, accent, border, card } = uniforms;
  const corner = attribute('position', 'vec3').xy;
  const size = attribute('size', 'vec4');
  const mark = attribute('mark', 'vec3');
  const cell = attribute('cell', 'vec3');
  const clip = viewProjection.mul(vec4(attribute('place', 'vec3'), 1));
  const offset = corner.mul(size.xy.add(RING));
  const layer = select(mark.y.greaterThan(0.5), float(0), mix(float(2), float(1), step(0.5, mark.x)));

  const material = new NodeMaterial();
  material.transparent = true;
  material.depthWrite = true;
  material.vertexNode = vec4(
    clip.xy.add(offset.mul(2).div(viewport).mul(clip.w)),
    // A hair nearer than its own dot.
    layered(clip, layer).sub(clip.w.mul(1e-6)),
    clip.w,
  );

  const at = varying(offset);
  const half = varying(size.xy);
  const picture = varying(size.zw);
  const origin = varying(cell.yz);
  const page = varying(cell.x);
  const look = varying(mark);
  const tint = varying(attribute('tint', 'vec4'));
  const kept = varying(mix(float(0.15), float(1), mark.x).mul(fadeAt(uniforms, clip.w)));
  material.fragmentNode = Fn(() => {
    const corners = min(min(half.x, half.y).mul(0.25), 3);
    const q = abs(at).sub(half).add(corners);
    const away = vec2(max(q.x, 0), max(q.y, 0))
      .length()
      .add(min(max(q.x, q.y), 0))
      .sub(corners)
      .toVar();
    const covered = (edge: number) => clamp(float(0.5).sub(away.sub(edge).mul(pixelRatio)), 0, 1);
    // The ring says selected or hovered; without that it says the color given to the item, if there is one.
    const ringed = max(look.y, tint.w).toVar();
    const opacity = mix(covered(0), covered(RING - 0.5), ringed).mul(look.z);
    Discard(opacity.lessThan(0.05));

    // Four taps a quarter of a pixel's footprint around the middle: a picture drawn smaller does not sparkle.
    const inCell = vec2(at.x.div(half.x), at.y.div(half.y).negate()).mul(0.5).add(0.5).mul(picture);
    const footprint = picture.x.div(half.x.mul(2).mul(pixelRatio)).mul(0.25);
    const tap = (x: number, y: number) => {
      const pixel = clamp(inCell.add(vec2(footprint.mul(x), footprint.mul(y))), vec2(0.5), picture.sub(0.5));
      return pictures
        .sample(origin.add(pixel).div(LAYER_SIZE))
        .depth(int(page.add(0.5)))
        .level(float(0));
    };
    const color = tap(-1, -1).add(tap(1, -1)).add(tap(-1, 1)).add(tap(1, 1)).mul(0.25).toVar();
    const framed = mix(border, color.rgb.add(card.mul(float(1).sub(color.a))), covered(-1));
    const shown = mix(background, framed, kept);
    const ring = mix(mix(background, tint.xyz, kept), accent, look.y);
    return vec4(mix(shown, mix(ring, shown, covered(0)), ringed), opacity);
  })();
  return material;
}
