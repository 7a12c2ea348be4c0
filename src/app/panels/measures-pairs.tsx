import { Button, Slider } from '@mantine/core';
import { useState } from 'react';
import type { Space } from '../../compare/measure-space.ts';
import { countWithin, type NearPairs } from '../../compare/near-duplicates.ts';
import { readNearPairs } from '../../compare/readings.ts';
import type { Id } from '../../data/item.ts';
import { hover, select } from '../commands/select.ts';
import { pairsTable } from '../measures/tables.ts';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { distanceText } from '../words.ts';
import { Quiet } from './measures-asked.tsx';
import { nameOf, SaveTable } from './measures-save.tsx';

const LISTED = 8;
/** Of the mean distance: what is as near as that is worth a look. */
const START = 0.1;

/** Pairs under a threshold that a person moves. */
export function NearDuplicates(props: {
  readonly space: Space;
  readonly pairs: NearPairs;
  readonly ids: readonly Id[];
}) {
  const { space, pairs, ids } = props;
  const { mean } = space.distances.spread;
  const [share, setShare] = useState(START);
  const [shown, setShown] = useState(LISTED);
  const threshold = share * mean;
  const within = countWithin(pairs.distances, threshold);
  const members = (): Id[] => [
    ...new Set([...pairs.items.subarray(0, 2 * within)].flatMap((row) => ids[row] ?? [])),
  ];
  return (
    <>
      <Slider
        min={0}
        max={1}
        step={0.005}
        value={share}
        onChange={setShare}
        label={null}
        thumbLabel="Threshold of near-duplicates, as a share of the mean distance"
      />
      <div className="measures-line measures-quiet">
        <span>0</span>
        <span>at most {distanceText(threshold)} apart</span>
        <span>{distanceText(mean)}, the mean</span>
      </div>
      <p className="measures-reading" role="status">
        {readNearPairs(within, threshold)}
      </p>
      {threshold > pairs.completeBelow && (
        <Quiet>
          From {distanceText(pairs.completeBelow)} on there may be more: of each item only its nearest are
          known.
        </Quiet>
      )}
      <ul className="measures-items" aria-label="Near-duplicates">
        {Array.from({ length: Math.min(within, shown) }, (_, pair) => (
          <Pair
            key={`${pairs.items[2 * pair]} ${pairs.items[2 * pair + 1]}`}
            first={ids[pairs.items[2 * pair] ?? 0] ?? ''}
            second={ids[pairs.items[2 * pair + 1] ?? 0] ?? ''}
            distance={pairs.distances[pair] ?? Number.NaN}
          />
        ))}
      </ul>
      {within > 0 && (
        <div className="measures-line">
          {within > shown && (
            <Button size="compact-xs" variant="default" onClick={() => setShown(shown + 20)}>
              Show more
            </Button>
          )}
          <Button size="compact-xs" variant="default" onClick={() => select(members())}>
            Select them
          </Button>
        </div>
      )}
      <SaveTable what="These pairs" table={() => pairsTable(space, ids, nameOf, within)} />
    </>
  );
}

function Pair({
  first,
  second,
  distance,
}: {
  readonly first: Id;
  readonly second: Id;
  readonly distance: number;
}) {
  return (
    <li>
      <button
        type="button"
        className="row"
        onClick={() => select([first, second])}
        onPointerEnter={() => hover(first)}
        onPointerLeave={() => hover(undefined)}
        onFocus={() => hover(first)}
        onBlur={() => hover(undefined)}
      >
        <Thumbnail id={first} />
        <Thumbnail id={second} />
        <span className="row-name">
          {nameOf(first)} and {nameOf(second)}
        </span>
        <span className="row-number">{distanceText(distance)}</span>
      </button>
    </li>
  );
}
