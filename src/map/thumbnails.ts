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
  texture,
  varying,
  vec2,
  vec4,
} from 'three/tsl';
import {
  DataArrayTexture,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  type InstancedBufferGeometry,
  LinearFilter,
  Mesh,
  NodeMaterial,
  RGBAFormat,
  type TextureNode,
  UnsignedByteType,
} from 'three/webgpu';
import { type Atlas, LAYER_SIZE } from './atlas.ts';
import { quads } from './dots.ts';
import type { Frame } from './painter.ts';
import { fadeAt, layered, type MapUniforms } from './uniforms.ts';

/** Room around a thumbnail for the ring of a selected one, CSS pixels. */
const RING = 3;

/** The thumbnails chosen for a frame: one draw call of instanced quads that read an array of atlas layers. */
export class Thumbnails {
  readonly mesh: Mesh;
  private readonly material: NodeMaterial;
  private readonly pictures = texture(blank());
  private layers = 0;
  private geometry: InstancedBufferGeometry = quads();
  private capacity = 0;

  constructor(uniforms: MapUniforms) {
    this.material = thumbnailMaterial(uniforms, this.pictures);
    this.mesh = new Mesh(this.geometry, this.material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 1;
  }

  update(frame: Frame): void {
    const { thumbnails, points, atlas } = frame;
    this.upload(atlas);
    this.mesh.visible = thumbnails.length > 0;
    if (thumbnails.length === 0) return;
    if (thumbnails.length > this.capacity) this.reserve(thumbnails.length);
    this.geometry.instanceCount = thumbnails.length;
    const place = this.geometry.getAttribute('place');
    const cell = this.geometry.getAttribute('cell');
    const size = this.geometry.getAttribute('size');
    const mark = this.geometry.getAttribute('mark');
    thumbnails.forEach((thumbnail, row) => {
      const { index } = thumbnail;
      const at = index * 3;
      const { current } = points;
      place.setXYZ(row, current[at] ?? 0, current[at + 1] ?? 0, current[at + 2] ?? 0);
      cell.setXYZ(row, thumbnail.cell.layer, thumbnail.cell.x, thumbnail.cell.y);
      size.setXYZW(
        row,
        thumbnail.halfWidth,
        thumbnail.halfHeight,
        thumbnail.cell.width,
        thumbnail.cell.height,
      );
      const marked = points.selection.has(index) || points.hovered === index;
      mark.setXYZ(row, points.weight(index), marked ? 1 : 0, frame.detail.thumbnailOpacity);
    });
    for (const values of [place, cell, size, mark]) values.needsUpdate = true;
  }

  dispose(): void {
    this.pictures.value.dispose();
    this.geometry.dispose();
    this.material.dispose();
  }

  /** Brings the atlas to the GPU: all of it when it grew, else the layers that changed. */
  private upload(atlas: Atlas): void {
    const old = this.pictures.value;
    if (atlas.layers !== this.layers) {
      this.layers = atlas.layers;
      this.pictures.value = arrayTexture(atlas.pixels, LAYER_SIZE, atlas.layers);
      old.dispose();
    } else if (atlas.dirty.size > 0 && old instanceof DataArrayTexture) {
      for (const layer of atlas.dirty) old.addLayerUpdate(layer);
      old.needsUpdate = true;
    }
    atlas.dirty.clear();
  }

  private reserve(count: number): void {
    this.capacity = Math.max(64, Math.ceil(count * 1.5));
    this.geometry.dispose();
    this.geometry = quads();
    const sizes = { place: 3, cell: 3, size: 4, mark: 3 };
    for (const [name, size] of Object.entries(sizes)) {
      const values = new InstancedBufferAttribute(new Float32Array(this.capacity * size), size);
      values.setUsage(DynamicDrawUsage);
      this.geometry.setAttribute(name, values);
    }
    this.mesh.geometry = this.geometry;
  }
}

function arrayTexture(pixels: Uint8Array<ArrayBuffer>, side: number, layers: number): DataArrayTexture {
  const pictures = new DataArrayTexture(pixels, side, side, layers);
  pictures.format = RGBAFormat;
  pictures.type = UnsignedByteType;
  pictures.minFilter = LinearFilter;
  pictures.magFilter = LinearFilter;
  pictures.generateMipmaps = false;
  pictures.needsUpdate = true;
  return pictures;
}

function blank(): DataArrayTexture {
  return arrayTexture(new Uint8Array(2 * 4), 1, 2);
}

function thumbnailMaterial(uniforms: MapUniforms, pictures: TextureNode): NodeMaterial {
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
    const opacity = mix(covered(0), covered(RING - 0.5), look.y).mul(look.z);
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
    return vec4(mix(shown, mix(accent, shown, covered(0)), look.y), opacity);
  })();
  return material;
}
