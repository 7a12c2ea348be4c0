/** The held-out scenes as they are seen and heard. */
import type { RgbaImage } from '../../common/image.ts';
import { NO_LABEL } from '../../lab/data/pictures.ts';
import { heldOutScenes } from '../../lab/training/scenes.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import { AUDIO_HZ, renderAudio } from '../../lab/world/audio.ts';
import type { Scene } from '../../lab/world/scene.ts';
import { encodeWav } from '../../lab/world/wav.ts';
import { labelRgba } from '../label-colors.ts';
import { HELD_OUT } from './state.ts';

type World = Pick<RunSettings, 'seed' | 'fixed'>;

const made = new Map<string, readonly Scene[]>();

/** The same list for the same world. */
export function scenesOf({ seed, fixed }: World): readonly Scene[] {
  const key = JSON.stringify([seed, fixed]);
  const known = made.get(key);
  if (known) return known;
  const scenes = heldOutScenes({ seed, fixed }, HELD_OUT);
  made.clear();
  made.set(key, scenes);
  return scenes;
}

const GRAY = [140, 140, 140, 255];

/** RGBA, four bytes a row, by the levels of the items, gray where one has none; the items once for each modality. */
export function levelColors(levels: Uint8Array, modalities: number): Uint8Array<ArrayBuffer> {
  const colors = new Uint8Array(levels.length * modalities * 4);
  for (let row = 0; row < levels.length * modalities; row++) {
    const level = levels[row % levels.length] ?? NO_LABEL;
    colors.set(level === NO_LABEL ? GRAY : labelRgba(level), row * 4);
  }
  return colors;
}

/** Of the picture's side: how wide the frame in the color of its level is. */
const FRAME = 0.08;

/** A square picture with a frame in a color. */
export function framed({ data: own, width: side }: RgbaImage, color: Uint8Array): RgbaImage {
  const data = own.slice();
  const width = Math.round(FRAME * side);
  for (let at = 0; at < side * side; at++) {
    const x = at % side;
    const y = Math.floor(at / side);
    if (Math.min(x, y, side - 1 - x, side - 1 - y) < width) data.set(color, at * 4);
  }
  return { data, width: side, height: side };
}

let playing: HTMLAudioElement | undefined;

/** Plays the sound of a scene, in place of one that is played. */
export async function playScene(scene: Scene): Promise<void> {
  playing?.pause();
  const url = URL.createObjectURL(new Blob([encodeWav(renderAudio(scene), AUDIO_HZ)], { type: 'audio/wav' }));
  const audio = new Audio(url);
  playing = audio;
  audio.addEventListener('ended', () => URL.revokeObjectURL(url));
  audio.addEventListener('pause', () => URL.revokeObjectURL(url));
  await audio.play();
}
