import { IconLetterT, IconPhoto, IconVector } from '@tabler/icons-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { RgbaImage } from '../../common/image.ts';
import type { Id } from '../../data/item.ts';
import { collection } from '../services.ts';
import { onThumbnails, thumbnailOf, wantThumbnails } from '../thumbnails.ts';

/** A small picture of an item; a sign for words and vectors. */
export function Thumbnail({ id }: { id: Id }) {
  const image = useThumbnail(id);
  const kind = collection.get(id)?.item.kind;
  return (
    <span className="thumb" aria-hidden="true">
      {image ? (
        <Pixels image={image} />
      ) : kind === 'vector' ? (
        <IconVector size={20} />
      ) : kind === 'picture' ? (
        <IconPhoto size={20} />
      ) : (
        <IconLetterT size={20} />
      )}
    </span>
  );
}

function useThumbnail(id: Id): RgbaImage | undefined {
  const image = useSyncExternalStore(onThumbnails, () => thumbnailOf(id));
  const missing = !image && collection.get(id)?.item.kind === 'picture';
  useEffect(() => {
    if (missing) wantThumbnails([id]);
  }, [id, missing]);
  return image;
}

function Pixels({ image }: { image: RgbaImage }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  }, [image]);
  return <canvas ref={canvas} width={image.width} height={image.height} />;
}
