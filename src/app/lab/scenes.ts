/** The held-out scenes as they are seen and heard. */
import type { RgbaImage } from '../../common/image.ts';
import { heldOutScenes } from '../../lab/training/scenes.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import { AUDIO_HZ, renderAudio } from '../../lab/world/audio.ts';
import { pictureOf } from '../../lab/world/display.ts';
import type { Factor, Modality } from '../../lab/world/factors.ts';
import { labelsOf, type Scene } from '../../lab/world/scene.ts';
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

/** RGBA, four bytes a row, by the level of a factor; the scenes once for each modality. */
export function factorColors(
  scenes: readonly Scene[],
  factor: Factor,
  modalities: number,
): Uint8Array<ArrayBuffer> {
  const levels = labelsOf(scenes, factor);
  const colors = new Uint8Array(scenes.length * modalities * 4);
  for (let row = 0; row < scenes.length * modalities; row++) {
    colors.set(labelRgba(levels[row % scenes.length] ?? 0), row * 4);
  }
  return colors;
}

/** Of the picture's side: how wide the frame in the color of its level is. */
const FRAME = 0.08;
const SIDE = 64;

/** The picture of a scene with a frame in a color. */
export function framedPicture(
  scene: Scene,
  modality: Exclude<Modality, 'text'>,
  color: Uint8Array,
): RgbaImage {
  const image = pictureOf(scene, modality, SIDE);
  const data = image.data.slice();
  const width = Math.round(FRAME * SIDE);
  for (let at = 0; at < SIDE * SIDE; at++) {
    const x = at % SIDE;
    const y = Math.floor(at / SIDE);
    if (Math.min(x, y, SIDE - 1 - x, SIDE - 1 - y) < width) data.set(color, at * 4);
  }
  return { data, width: SIDE, height: SIDE };
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
