import {
  abs,
  attribute,
  clamp,
  Discard,
  Fn,
  float,
  max,
  min,
  mix,
  select,
  step,
  varying,
  vec2,
  vec4,
} from 'three/tsl';
import { type BufferGeometry, Mesh, NodeMaterial } from 'three/webgpu';
import type { Points } from './points.ts';
import { drawFirst, fill, quadGeometry } from './quads.ts';
import { fadeAt, layered, type MapUniforms } from './uniforms.ts';

/** Room around a dot, CSS pixels: for its thin ring, and for the ring of one that is marked. Each pixel of it costs. */
const ROOM = 1.5;
const MARKED_ROOM = 4.5;

const LAYOUT = {
  start: { size: 3 },
  goal: { size: 3 },
  tint: { size: 4, bytes: true },
  look: { size: 4, bytes: true },
};

/**
 * All items as dots: one draw call of quads whose places glide on the GPU. Circles, or rounded squares for
 * texts; each with a thin ring in the background's color, so that dots that overlap stay apart.
 */
export class Dots {
  readonly mesh: Mesh;
  private geometry: BufferGeometry = quadGeometry(1, LAYOUT);
  private capacity = 0;
  private positionsVersion = -1;
  private styleVersion = -1;

  constructor(material: NodeMaterial) {
    this.mesh = new Mesh(this.geometry, material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 0;
  }

  update(points: Points): void {
    this.mesh.visible = points.count > 0;
    if (points.count === 0) return;
    if (points.count > this.capacity || (this.capacity > 1024 && points.count < this.capacity / 4))
      this.reserve(points.count);
    const { count } = points;
    drawFirst(this.geometry, count);
    if (this.positionsVersion !== points.positionsVersion) {
      this.positionsVersion = points.positionsVersion;
      fill(this.geometry, 'start', points.from, count);
      fill(this.geometry, 'goal', points.to, count);
    }
    if (this.styleVersion !== points.styleVersion) {
      this.styleVersion = points.styleVersion;
      fill(this.geometry, 'tint', points.colors, count);
      fill(this.geometry, 'look', points.style, count);
    }
  }

  dispose(): void {
    this.geometry.dispose();
  }

  private reserve(count: number): void {
    this.capacity = Math.max(256, Math.ceil(count * 1.5));
    this.geometry.dispose();
    this.geometry = quadGeometry(this.capacity, LAYOUT);
    this.mesh.geometry = this.geometry;
    this.positionsVersion = -1;
    this.styleVersion = -1;
  }
}

/** How dots are drawn; one for all panes of a renderer. */
export function dotMaterial(uniforms: MapUniforms): NodeMaterial {
  const { viewProjection, viewport, pixelRatio, distance, dotRadius, glide, background, accent } = uniforms;
  const corner = attribute('position', 'vec3').xy;
  const look = attribute('look', 'vec4');
  const tint = attribute('tint', 'vec4');
  const place = mix(attribute('start', 'vec3'), attribute('goal', 'vec3'), glide);
  const clip = viewProjection.mul(vec4(place, 1));

  const hovered = step(0.9, look.w);
  const radiusInPixels = clamp(dotRadius.mul(distance).div(max(clip.w, 1e-6)), 1.25, 14).mul(
    hovered.mul(0.35).add(1),
  );
  const offset = corner.mul(radiusInPixels.add(mix(float(ROOM), float(MARKED_ROOM), look.y)));
  const layer = select(look.y.greaterThan(0.5), float(0), mix(float(2), float(1), step(0.5, look.x)));
  const seen = look.w.greaterThan(0.1).and(clip.w.greaterThan(0));

  const material = new NodeMaterial();
  material.transparent = true;
  material.depthWrite = true;
  material.vertexNode = select(
    seen,
    vec4(
      clip.xy.add(offset.mul(2).div(viewport).mul(clip.w)),
      // A text's dot is before thumbnails at the same depth, which are before their own dots.
      layered(clip, layer).sub(look.z.mul(clip.w).mul(2e-6)),
      clip.w,
    ),
    vec4(2, 2, 2, 1),
  );

  const at = varying(offset);
  const radius = varying(radiusInPixels);
  const mark = varying(look.y);
  const square = varying(look.z);
  const color = varying(
    vec4(mix(background, tint.rgb, mix(float(0.15), tint.a, look.x).mul(fadeAt(uniforms, clip.w))), 1),
  );
  material.fragmentNode = Fn(() => {
    const q = abs(at).sub(radius.mul(0.5));
    const roundedSquare = vec2(max(q.x, 0), max(q.y, 0))
      .length()
      .add(min(max(q.x, q.y), 0))
      .sub(radius.mul(0.4));
    const away = mix(at.length().sub(radius), roundedSquare, square).toVar();
    const covered = (edge: number) => clamp(float(0.5).sub(away.sub(edge).mul(pixelRatio)), 0, 1);
    const gap = min(radius.mul(0.3), 1);
    const plain = clamp(float(0.5).sub(away.sub(gap).mul(pixelRatio)), 0, 1);
    const alpha = mix(plain, covered(4), mark);
    Discard(alpha.lessThan(0.35));
    const ring = mix(
      background,
      accent,
      covered(3.25)
        .mul(float(1).sub(covered(1.25)))
        .mul(mark),
    );
    return vec4(mix(ring, color.rgb, covered(0)), alpha);
  })();
  return material;
}
