import { Button } from '@mantine/core';
import { distanceText } from '../words.ts';
import { BitRows } from './bit-rows.tsx';
import { LiveFormula } from './formulas.tsx';
import { angleBetween } from './geometry.ts';
import { distance, type MetricView } from './measures.ts';
import { isOnGrid, type Point } from './plane.ts';
import { countGridPaths } from './staircases.ts';

/** A metric of two points: its number, the formula with the numbers put in, and what to look at. */
export function MetricCard(props: {
  readonly metric: MetricView;
  readonly a: Point;
  readonly b: Point;
  /** Drawn alone: it has the word, and the others show their number only. */
  readonly isChosen: boolean;
  readonly isBrief: boolean;
  readonly onNextPath: () => void;
}) {
  const { metric, a, b, isChosen, isBrief } = props;
  const { id, label, notice } = metric;
  return (
    <section className="pg-card" data-metric={id} data-chosen={isChosen || undefined} aria-label={label}>
      <header>
        <h3>{label}</h3>
        <output>{distanceText(distance(id, a, b))}</output>
      </header>
      {!isBrief && (
        <>
          <LiveFormula metric={id} a={a} b={b} />
          <p>{notice}</p>
          {id === 'manhattan' && <Paths a={a} b={b} onNext={props.onNextPath} />}
          {id === 'cosine' && <p>{angleText(a, b)}</p>}
          {id === 'hamming' && isChosen && <BitRows a={a} b={b} />}
        </>
      )}
    </section>
  );
}

function Paths({ a, b, onNext }: { readonly a: Point; readonly b: Point; readonly onNext: () => void }) {
  const ways = countGridPaths(a, b);
  return (
    <p className="pg-line-of">
      {isOnGrid(a) && isOnGrid(b)
        ? `${ways.toLocaleString('en-US')} shortest ${ways === 1 ? 'way' : 'ways'} along the grid.`
        : 'Off the crossings of the grid, ways are not counted.'}
      {ways > 1 && (
        <Button size="compact-xs" variant="default" onClick={onNext}>
          Another way
        </Button>
      )}
    </p>
  );
}

function angleText(a: Point, b: Point): string {
  const angle = angleBetween(a, b);
  if (angle !== undefined) return `The angle is ${angle.toFixed(1)}°: 0° gives 0, 90° gives 1, 180° gives 2.`;
  return 'A point at the origin has no direction: its distance is 1 by definition.';
}
