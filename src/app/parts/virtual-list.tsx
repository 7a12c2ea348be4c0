import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';

const ROW_HEIGHT = 50;

/** A list that draws only the rows in view, so that 10,000 of them scroll like ten. */
export function VirtualList<T>(props: {
  readonly label: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly children: (row: T) => ReactNode;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: props.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="scroll" ref={scroller} aria-label={props.label} tabIndex={0}>
      <ul
        style={{
          height: virtual.getTotalSize(),
          position: 'relative',
          margin: 0,
          padding: 0,
          listStyle: 'none',
        }}
      >
        {virtual.getVirtualItems().map((slot) => {
          const row = props.rows[slot.index];
          if (row === undefined) return null;
          return (
            <li
              key={props.keyOf(row)}
              aria-setsize={props.rows.length}
              aria-posinset={slot.index + 1}
              style={{
                position: 'absolute',
                insetInline: 0,
                top: 0,
                transform: `translateY(${slot.start}px)`,
              }}
            >
              {props.children(row)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
