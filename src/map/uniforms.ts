import { clamp, float, uniform } from 'three/tsl';
import { Matrix4, type Node, Vector2, Vector3 } from 'three/webgpu';
import type { Frame } from './painter.ts';
import type { Palette } from './theme.ts';

/** What both materials read; one set a painter. Colors are sRGB, 0..1: the canvas is written without conversion. */
export function createUniforms() {
  return {
    viewProjection: uniform(new Matrix4()),
    /** CSS pixels. */
    viewport: uniform(new Vector2(1, 1)),
    pixelRatio: uniform(1),
    distance: uniform(1),
    dotRadius: uniform(1),
    glide: uniform(1),
    background: uniform(new Vector3()),
    accent: uniform(new Vector3()),
    border: uniform(new Vector3()),
    card: uniform(new Vector3()),
    fadeNear: uniform(0),
    fadeFar: uniform(1),
    fadeStrength: uniform(0),
  };
}

export type MapUniforms = ReturnType<typeof createUniforms>;

export function setUniforms(uniforms: MapUniforms, frame: Frame): void {
  const { camera, palette, fade } = frame;
  uniforms.viewProjection.value.fromArray(camera.viewProjection);
  uniforms.viewport.value.set(camera.width, camera.height);
  uniforms.pixelRatio.value = frame.pixelRatio;
  uniforms.distance.value = camera.distance;
  uniforms.dotRadius.value = frame.detail.dotRadius;
  uniforms.glide.value = frame.points.glide;
  uniforms.fadeNear.value = fade.near;
  uniforms.fadeFar.value = fade.far;
  uniforms.fadeStrength.value = fade.strength;
  const color = (name: 'background' | 'accent' | 'border' | 'card') =>
    uniforms[name].value.copy(fraction(palette[name]));
  color('background');
  color('accent');
  color('border');
  color('card');
}

/** 1 near, less with the depth: how much of its own color a thing keeps. */
export function fadeAt(uniforms: MapUniforms, depth: Node<'float'>) {
  const { fadeNear, fadeFar, fadeStrength } = uniforms;
  return float(1).sub(clamp(depth.sub(fadeNear).div(fadeFar.sub(fadeNear)), 0, 1).mul(fadeStrength));
}

/**
 * Clip-space depth within one of four layers, each before the next, whatever the distance: 0 marked, 1 items,
 * 2 dimmed items.
 */
export function layered(clip: Node<'vec4'>, layer: Node<'float'>) {
  return clip.z.add(layer.mul(clip.w)).mul(0.25);
}

function fraction(color: Palette['background']): Vector3 {
  return new Vector3(color[0] / 255, color[1] / 255, color[2] / 255);
}
