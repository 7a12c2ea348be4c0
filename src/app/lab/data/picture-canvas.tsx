import { useEffect, useRef } from 'react';
import type { RgbaImage } from '../../../common/image.ts';

/** A picture as the lab keeps it. */
export function PictureCanvas({ image, label }: { readonly image: RgbaImage; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { data, width, height } = image;
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  }, [data, width, height]);
  return (
    <figure className="lab-picture">
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
    </figure>
  );
}
