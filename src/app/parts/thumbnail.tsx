import { IconLetterT, IconVector } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { RgbaImage } from '../../common/image.ts';
import type { Id } from '../../data/item.ts';
import { collection } from '../services.ts';

/** A small picture of an item; a sign for words and vectors. */
export function Thumbnail({ id }: { id: Id }) {
  const entry = collection.get(id);
  return (
    <span className="thumb" aria-hidden="true">
      {entry?.thumbnail ? (
        <Pixels image={entry.thumbnail} />
      ) : entry?.item.kind === 'vector' ? (
        <IconVector size={20} />
      ) : (
        <IconLetterT size={20} />
      )}
    </span>
  );
}

function Pixels({ image }: { image: RgbaImage }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  }, [image]);
  return <canvas ref={canvas} width={image.width} height={image.height} />;
}
