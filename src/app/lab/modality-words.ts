import type { Modality } from '../../lab/world/factors.ts';

/** What a modality is called, and what a scene is in it. */
export const MODALITY_WORDS: Readonly<Record<Modality, { readonly label: string; readonly what: string }>> = {
  image: { label: 'Image', what: 'a picture in color' },
  text: { label: 'Text', what: 'a caption of one sentence' },
  audio: { label: 'Audio', what: 'a second of sound, drawn as its tones over time' },
  depth: { label: 'Depth', what: 'how far away each place is; near is yellow' },
  thermal: { label: 'Thermal', what: 'how warm each place is; hot is pale' },
  imu: { label: 'IMU', what: 'acceleration and turning, six traces over time' },
};
