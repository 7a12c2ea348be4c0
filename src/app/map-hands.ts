/** What hands do on any map, told to the page. */
import type { Id } from '../data/item.ts';
import type { MapPane, PaneOptions } from '../map/types.ts';
import { hover, select, toggle } from './commands/select.ts';
import { usePointer } from './pointer.ts';
import { readApp } from './store.ts';

/** @param idsOf the items of the map, by row, as they are when something happens */
export function handsOf(
  idsOf: () => readonly Id[],
): Required<Pick<PaneOptions, 'onHover' | 'onPick' | 'onSelect'>> {
  return {
    onHover(index, clientPoint) {
      usePointer.setState({ at: index === null ? undefined : clientPoint });
      hover(index === null ? undefined : idsOf()[index]);
    },
    onPick(index, { additive }) {
      const id = index === null ? undefined : idsOf()[index];
      if (id === undefined) select([]);
      else if (additive) toggle([id]);
      else select([id]);
    },
    onSelect(indices, additive) {
      const all = idsOf();
      const ids = Array.from(indices, (index) => all[index]).filter((id) => id !== undefined);
      if (additive) select([...new Set([...readApp().selection, ...ids])]);
      else select(ids);
    },
  };
}

/** The card follows the pointer, and goes when the map moves under it. */
export function followPointer(map: MapPane, signal: AbortSignal): void {
  const move = (event: PointerEvent) => {
    const over = readApp().hovered !== undefined && event.buttons === 0;
    usePointer.setState({ at: over ? { x: event.clientX, y: event.clientY } : undefined });
  };
  const hide = () => usePointer.setState({ at: undefined });
  const passive = { signal, passive: true };
  map.element.addEventListener('pointermove', move, passive);
  map.element.addEventListener('pointerleave', hide, passive);
  map.element.addEventListener(
    'keydown',
    (event) => {
      if (!['n', 'p', '[', ']'].includes(event.key)) hide();
    },
    passive,
  );
  // Keys brought it to where the item was; who goes on elsewhere has it in the way.
  map.element.addEventListener('blur', hide, passive);
  map.element.addEventListener('wheel', hide, passive);
  map.element.addEventListener('pointerdown', hide, passive);
}
