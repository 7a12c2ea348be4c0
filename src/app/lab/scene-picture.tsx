import { useEffect, useRef } from 'react';
import type { SignalModality } from '../../lab/world/batch.ts';
import type { Scene } from '../../lab/world/scene.ts';
import { LARGE_SIDE, MODALITY_NAMES, scenePicture } from './scene-pictures.ts';

/** A scene in one modality, drawn. */
export function ScenePicture(props: { readonly scene: Scene; readonly modality: SignalModality }) {
  const { scene, modality } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { width, height, data } = scenePicture(scene, modality, LARGE_SIDE);
    canvas.current?.getContext('2d')?.putImageData(new ImageData(data.slice(), width, height), 0, 0);
  }, [scene, modality]);
  return (
    <canvas
      ref={canvas}
      className="lab-picture"
      width={LARGE_SIDE}
      height={LARGE_SIDE}
      role="img"
      aria-label={MODALITY_NAMES[modality]}
    />
  );
}
