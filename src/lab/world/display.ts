import { interpolateInferno, interpolateMagma, interpolateViridis } from 'd3-scale-chromatic';
import type { RgbaImage } from '../../common/image.ts';
import { AUDIO_HZ, renderAudio } from './audio.ts';
import type { SignalModality } from './batch.ts';
import { renderImage } from './image.ts';
import { IMU_STEPS, renderImu } from './imu.ts';
import { renderDepth, renderThermal } from './maps.ts';
import { MEL, renderMel } from './mel.ts';
import type { Scene } from './scene.ts';

/** What the ends of the color maps stand for, the same in every picture: meters, degrees Celsius, natural logarithms. */
export const COLOR_RANGES = {
  depth: { from: 0.9, to: 3.2 },
  thermal: { from: -20, to: 70 },
  audio: { from: -16, to: -4 },
} as const;

/**
 * A scene in one modality, for eyes: the image as it is; depth in viridis, near is yellow; heat in inferno, hot is pale;
 * sound as its log-mel picture in magma, high tones at the top; IMU as six traces over time.
 *
 * @param side pixels; image, depth and thermal are drawn sharp at any side, sound and IMU are stretched to it
 */
export function pictureOf(scene: Scene, modality: SignalModality, side: number): RgbaImage {
  switch (modality) {
    case 'image':
      return fromRgb(renderImage(scene, side), side);
    case 'depth':
      return mapColors(renderDepth(scene, side), side, side, side, COLOR_RANGES.depth, nearViridis);
    case 'thermal':
      return mapColors(renderThermal(scene, side), side, side, side, COLOR_RANGES.thermal, inferno);
    case 'audio': {
      const mel = renderMel(renderAudio(scene), AUDIO_HZ);
      return mapColors(mel, MEL.columns, MEL.rows, side, COLOR_RANGES.audio, magma);
    }
    case 'imu':
      return traces(renderImu(scene), side);
  }
}

/** 256 colors, red, green, blue from 0 to 255. */
type Palette = () => Uint8Array;

function fromRgb(rgb: Float32Array, side: number): RgbaImage {
  const data = new Uint8ClampedArray(side * side * 4);
  for (let pixel = 0; pixel < side * side; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * 4 + channel] = Math.round(255 * (rgb[pixel * 3 + channel] ?? 0));
    }
    data[pixel * 4 + 3] = 255;
  }
  return { data, width: side, height: side };
}

function mapColors(
  values: Float32Array,
  width: number,
  height: number,
  side: number,
  { from, to }: { readonly from: number; readonly to: number },
  palette: Palette,
): RgbaImage {
  const colors = palette();
  const data = new Uint8ClampedArray(side * side * 4);
  for (let row = 0; row < side; row++) {
    const line = Math.floor((row * height) / side) * width;
    for (let column = 0; column < side; column++) {
      const value = values[line + Math.floor((column * width) / side)] ?? from;
      const color = 3 * Math.round(255 * Math.min(1, Math.max(0, (value - from) / (to - from))));
      const at = (row * side + column) * 4;
      data[at] = colors[color] ?? 0;
      data[at + 1] = colors[color + 1] ?? 0;
      data[at + 2] = colors[color + 2] ?? 0;
      data[at + 3] = 255;
    }
  }
  return { data, width: side, height: side };
}

const viridisNear = (share: number): string => interpolateViridis(1 - share);
const nearViridis = once(viridisNear);
const inferno = once(interpolateInferno);
const magma = once(interpolateMagma);

function once(interpolate: (share: number) => string): Palette {
  let made: Uint8Array | undefined;
  return () => {
    if (made) return made;
    made = new Uint8Array(256 * 3);
    for (let byte = 0; byte < 256; byte++) made.set(parse(interpolate(byte / 255)), byte * 3);
    return made;
  };
}

/** `#rrggbb` or `rgb(r, g, b)`, as the scales give them. */
function parse(color: string): number[] {
  const hex = /^#(..)(..)(..)$/.exec(color)?.slice(1);
  if (hex) return hex.map((digits) => Number.parseInt(digits, 16));
  return (color.match(/\d+/g) ?? []).map(Number);
}

const PAPER: readonly [number, number, number] = [248, 249, 250];
const TRACE_COLORS: readonly (readonly [number, number, number])[] = [
  [214, 51, 108],
  [174, 62, 201],
  [66, 99, 235],
  [12, 133, 153],
  [47, 158, 68],
  [232, 89, 12],
];
/** What half a lane's height stands for: m/s² and rad/s. */
const TRACE_RANGES = [4, 12, 8, 1, 3, 9];
const TRACE_MIDDLES = [0, 0, 9.81, 0, 0, 0];

/** Six lanes, the order of `IMU_CHANNELS` from the top. */
function traces(imu: Float32Array, side: number): RgbaImage {
  const data = new Uint8ClampedArray(side * side * 4);
  for (let at = 0; at < data.length; at += 4) data.set([...PAPER, 255], at);
  const lane = side / 6;
  TRACE_COLORS.forEach((color, channel) => {
    const heightAt = (column: number): number => {
      const step = Math.min(IMU_STEPS - 1, Math.round((column / (side - 1)) * (IMU_STEPS - 1)));
      const share =
        ((imu[step * 6 + channel] ?? 0) - (TRACE_MIDDLES[channel] ?? 0)) / (TRACE_RANGES[channel] ?? 1);
      return (channel + 0.5 - 0.5 * Math.min(1, Math.max(-1, share))) * lane;
    };
    for (let column = 0; column < side; column++) {
      const here = heightAt(column);
      const next = heightAt(Math.min(side - 1, column + 1));
      const top = Math.floor(Math.min(here, next));
      const bottom = Math.min(side - 1, Math.max(top, Math.ceil(Math.max(here, next)) - 1));
      for (let row = top; row <= bottom; row++) data.set([...color, 255], (row * side + column) * 4);
    }
  });
  return { data, width: side, height: side };
}
