/** Held-out scenes for eyes and ears; drawn when they are asked for, and kept. */
import type { RgbaImage } from '../../common/image.ts';
import { AUDIO_HZ, renderAudio } from '../../lab/world/audio.ts';
import type { SignalModality } from '../../lab/world/batch.ts';
import { pictureOf } from '../../lab/world/display.ts';
import type { Modality } from '../../lab/world/factors.ts';
import type { Scene } from '../../lab/world/scene.ts';
import { encodeWav } from '../../lab/world/wav.ts';

/** Pixels of a picture on the map, and of one that is looked at. */
export const SMALL_SIDE = 64;
export const LARGE_SIDE = 128;

const kept = new WeakMap<Scene, Map<string, RgbaImage>>();

export function scenePicture(scene: Scene, modality: SignalModality, side: number): RgbaImage {
  const pictures = kept.get(scene) ?? new Map<string, RgbaImage>();
  kept.set(scene, pictures);
  const key = `${modality} ${side}`;
  const picture = pictures.get(key) ?? pictureOf(scene, modality, side);
  pictures.set(key, picture);
  return picture;
}

export const MODALITY_NAMES: Readonly<Record<Modality, string>> = {
  image: 'Image',
  text: 'Text',
  audio: 'Audio',
  depth: 'Depth',
  thermal: 'Thermal',
  imu: 'IMU',
};

let playing: HTMLAudioElement | undefined;

/** Plays the scene's second of sound; one at a time. */
export async function playSound(scene: Scene): Promise<void> {
  playing?.pause();
  const url = URL.createObjectURL(new Blob([encodeWav(renderAudio(scene), AUDIO_HZ)], { type: 'audio/wav' }));
  const audio = new Audio(url);
  playing = audio;
  audio.addEventListener('ended', () => URL.revokeObjectURL(url), { once: true });
  await audio.play();
}
