import type { Modality } from '../../../lab/world/factors.ts';

/** As it stands within a sentence. */
export function modalityName(modality: Modality): string {
  return modality === 'imu' ? 'IMU' : modality;
}

/** "image and text", "two views of image". */
export function pairName(first: Modality, second: Modality): string {
  return first === second
    ? `two views of ${modalityName(first)}`
    : `${modalityName(first)} and ${modalityName(second)}`;
}
