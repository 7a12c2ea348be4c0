import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Id } from '../../data/item.ts';
import { select } from '../commands/select.ts';
import { ItemRow } from '../parts/item-row.tsx';

const LISTED = 5;

/** The first of some items, more on request, and all of them selected at once. */
export function ItemList(props: {
  /** Whether all can be selected, and not only those that are listed. */
  readonly isWhole: boolean;
  readonly label: string;
  readonly ids: readonly Id[];
  readonly rows: Uint32Array;
  readonly numberOf?: (row: number) => string;
}) {
  const { isWhole, label, ids, rows, numberOf } = props;
  const [shown, setShown] = useState(LISTED);
  const chosen = isWhole ? rows : rows.subarray(0, shown);
  if (rows.length === 0) return null;
  return (
    <>
      <ul className="measures-items" aria-label={label}>
        {[...rows.subarray(0, shown)].map((row) => (
          <li key={ids[row]}>
            <ItemRow id={ids[row] ?? ''}>
              {numberOf && <span className="row-number">{numberOf(row)}</span>}
            </ItemRow>
          </li>
        ))}
      </ul>
      <div className="measures-line">
        {rows.length > shown && (
          <Button size="compact-xs" variant="default" onClick={() => setShown(shown + 20)}>
            Show more
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => select([...chosen].flatMap((row) => ids[row] ?? []))}
        >
          {chosen.length === 1
            ? 'Select it'
            : `Select ${isWhole ? 'all' : 'these'} ${chosen.length.toLocaleString('en-US')}`}
        </Button>
      </div>
    </>
  );
}
