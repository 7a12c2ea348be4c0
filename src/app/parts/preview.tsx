import { useEffect, useState } from 'react';
import type { Id } from '../../data/item.ts';
import { collection, library } from '../services.ts';
import { Thumbnail } from './thumbnail.tsx';

/** The picture at reading size, from the library; its thumbnail until that is there. */
export function Preview({ id }: { id: Id }) {
  const [url, setUrl] = useState<string | undefined>();
  const item = collection.get(id)?.item;
  const isPicture = item?.kind === 'picture';

  useEffect(() => {
    if (!isPicture) return;
    let address: string | undefined;
    let gone = false;
    library()
      .then((opened) => opened.preview(id))
      .then((blob) => {
        if (gone || !blob) return;
        address = URL.createObjectURL(blob);
        setUrl(address);
      })
      .catch((error: unknown) => console.warn(`No preview of ${id}:`, error));
    return () => {
      gone = true;
      setUrl(undefined);
      if (address) URL.revokeObjectURL(address);
    };
  }, [id, isPicture]);

  if (!item) return null;
  if (item.kind === 'text') return <blockquote style={{ margin: 0, fontSize: 16 }}>{item.text}</blockquote>;
  return url ? <img className="preview" src={url} alt={item.name} /> : <Thumbnail id={id} />;
}
