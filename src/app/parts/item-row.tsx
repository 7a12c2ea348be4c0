import type { ReactNode } from 'react';
import type { Id } from '../../data/item.ts';
import { focusItem, hover } from '../commands/select.ts';
import { collection } from '../services.ts';
import { useApp } from '../store.ts';
import { Thumbnail } from './thumbnail.tsx';

/** One item in a list: picture, name, and a number or two. Hovering it marks it on the map. */
export function ItemRow({ id, children }: { id: Id; children?: ReactNode }) {
  const selected = useApp((state) => state.selection.includes(id));
  const hovered = useApp((state) => state.hovered === id);
  const item = collection.get(id)?.item;
  if (!item) return null;
  return (
    <button
      type="button"
      className="row"
      data-selected={selected || undefined}
      data-hovered={hovered || undefined}
      onClick={() => focusItem(id)}
      onPointerEnter={() => hover(id)}
      onPointerLeave={() => hover(undefined)}
      onFocus={() => hover(id)}
      onBlur={() => hover(undefined)}
    >
      <Thumbnail id={id} />
      <span className="row-name" title={item.name}>
        {item.name}
      </span>
      {children}
    </button>
  );
}
