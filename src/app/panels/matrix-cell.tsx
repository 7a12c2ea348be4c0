import { VisuallyHidden } from '@mantine/core';
import type { Id } from '../../data/item.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import { type LookedAt, metricsOf, type ShownMatrix, useMatrix } from '../matrix/state.ts';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { collection } from '../services.ts';
import { distanceText } from '../words.ts';

/** The two items of the cell that is looked at, and how far they are apart. */
export function MatrixCell() {
  const shown = useMatrix((state) => state.shown);
  const looked = useMatrix((state) => state.looked);
  const row = looked && shown?.ids[looked.row];
  const column = looked && shown?.ids[looked.column];
  const distances = shown && looked && distancesText(shown, looked);
  return (
    <div className="matrix-cell">
      {row !== undefined && column !== undefined ? (
        <>
          <Item id={row} />
          <strong className="matrix-distance">{distances || '…'}</strong>
          <Item id={column} />
        </>
      ) : (
        <span className="matrix-hint">Point at a cell to see its two items; click to select them.</span>
      )}
      <VisuallyHidden role="status" aria-live="polite">
        {looked && row !== undefined && column !== undefined && distances
          ? `Row ${looked.row + 1}, ${nameOf(row)}; column ${looked.column + 1}, ${nameOf(column)}: ${distances}`
          : ''}
      </VisuallyHidden>
    </div>
  );
}

const nameOf = (id: Id): string => collection.get(id)?.item.name ?? '';

function Item({ id }: { readonly id: Id }) {
  return (
    <span className="matrix-item">
      <Thumbnail id={id} />
      <span className="row-name" title={nameOf(id)}>
        {nameOf(id)}
      </span>
    </span>
  );
}

/** The metric of the cell's own triangle first. */
function distancesText({ setting }: ShownMatrix, { row, column, distances }: LookedAt): string {
  if (!distances) return '';
  const texts = metricsOf(setting).map((metric, at) => {
    const distance = distances[at];
    return `${catalogue[metric].label} ${distance === undefined ? '…' : distanceText(distance)}`;
  });
  const below = row > column && setting.showing === 'triangles';
  return (below ? texts.reverse() : texts).join(' · ');
}
