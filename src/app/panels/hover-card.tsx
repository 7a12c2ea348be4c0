import { VisuallyHidden } from '@mantine/core';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { usePointer } from '../pointer.ts';
import { collection } from '../services.ts';
import { useApp } from '../store.ts';

/** Says what is hovered to those who hear the page: stepping through the map by keyboard hovers too. */
export function HoverVoice() {
  const id = useApp((state) => state.hovered);
  const name = id === undefined ? '' : (collection.get(id)?.item.name ?? '');
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {name}
    </VisuallyHidden>
  );
}

/** Says what is under the pointer, beside it. */
export function HoverCard() {
  const id = useApp((state) => state.hovered);
  const ranked = useApp((state) => state.search?.ranked);
  const at = usePointer((state) => state.at);
  const entry = id === undefined ? undefined : collection.get(id);
  if (!entry || !at) return null;
  const similarity = ranked?.find((row) => row.id === id)?.similarity;
  const left = at.x + 290 > window.innerWidth ? at.x - 276 : at.x + 16;
  const top = Math.min(at.y + 16, window.innerHeight - 96);
  return (
    <div className="hover-card" role="presentation" style={{ left: Math.max(4, left), top }}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <Thumbnail id={entry.item.id} />
        <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <strong>{entry.item.name}</strong>
          {entry.guesses?.[0] && (
            <div style={{ color: 'var(--quiet)' }}>looks like {entry.guesses[0].label}</div>
          )}
          {similarity !== undefined && (
            <div style={{ color: 'var(--quiet)' }}>similarity {similarity.toFixed(3)}</div>
          )}
        </div>
      </div>
    </div>
  );
}
