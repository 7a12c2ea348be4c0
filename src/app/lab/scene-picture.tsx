import { useEffect, useRef } from 'react';
import { pictureOf } from '../../lab/world/display.ts';
import type { Modality } from '../../lab/world/factors.ts';
import type { Scene } from '../../lab/world/scene.ts';
import { MODALITY_WORDS } from './modality-words.ts';

/** A scene as one modality shows it. */
export function ScenePicture(props: {
  readonly scene: Scene;
  readonly modality: Exclude<Modality, 'text'>;
  /** Pixels. */
  readonly side: number;
  readonly isNamed?: boolean;
}) {
  const { scene, modality, side, isNamed = true } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { label, what } = MODALITY_WORDS[modality];
  useEffect(() => {
    const { data } = pictureOf(scene, modality, side);
    canvas.current
      ?.getContext('2d')
      ?.putImageData(new ImageData(new Uint8ClampedArray(data), side, side), 0, 0);
  }, [scene, modality, side]);
  return (
    <figure className="lab-picture">
      <canvas ref={canvas} width={side} height={side} role="img" aria-label={`${label}: ${what}`} />
      {isNamed && <figcaption>{label}</figcaption>}
    </figure>
  );
}
