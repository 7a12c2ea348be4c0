import { distanceText } from '../words.ts';
import { isOrigin } from './geometry.ts';
import { Formula, fenced, frac, name, num, op, row, sqrt, squared, term } from './math.tsx';
import { bitsOf, distance, type PlaneMetric } from './measures.ts';
import type { Point } from './plane.ts';

/** The formula of a metric with the numbers of two points put in, and its result. */
export function LiveFormula(props: { readonly metric: PlaneMetric; readonly a: Point; readonly b: Point }) {
  const { metric, a, b } = props;
  const result = row(op('='), num(distanceText(distance(metric, a, b))));
  switch (metric) {
    case 'euclidean':
      return <Formula parts={[...euclidean(a, b), result]} />;
    case 'manhattan':
      return <Formula parts={[...manhattan(a, b), result]} />;
    case 'cosine':
      return <Formula parts={isOrigin(a) || isOrigin(b) ? noDirection(a) : [...cosine(a, b), result]} />;
    case 'hamming':
      return <Formula parts={[...hamming(a, b), result]} />;
  }
}

const minus = (x: number, y: number) => row(num(tidy(x)), op('−'), term(tidy(y)));

function euclidean(a: Point, b: Point) {
  const dx = tidy(a.x - b.x);
  const dy = tidy(a.y - b.y);
  return [
    sqrt(squared(op('('), minus(a.x, b.x), op(')')), op('+'), squared(op('('), minus(a.y, b.y), op(')'))),
    row(op('='), sqrt(num(tidy(dx * dx)), op('+'), num(tidy(dy * dy)))),
  ];
}

function manhattan(a: Point, b: Point) {
  const across = tidy(Math.abs(a.x - b.x));
  const up = tidy(Math.abs(a.y - b.y));
  return [
    row(fenced('|', minus(a.x, b.x)), op('+'), fenced('|', minus(a.y, b.y))),
    row(op('='), num(across), op('+'), num(up)),
  ];
}

function cosine(a: Point, b: Point) {
  const norm = ({ x, y }: Point) => sqrt(squared(term(x)), op('+'), squared(term(y)));
  const product = (x: number, y: number) => row(term(x), op('·'), term(y));
  const written = frac(row(product(a.x, b.x), op('+'), product(a.y, b.y)), row(norm(a), op('·'), norm(b)));
  const lengths = [Math.hypot(a.x, a.y), Math.hypot(b.x, b.y)] as const;
  const dot = num(tidy(a.x * b.x + a.y * b.y));
  const norms = row(num(distanceText(lengths[0])), op('·'), num(distanceText(lengths[1])));
  return [row(num(1), op('−'), written), row(op('='), num(1), op('−'), frac(dot, norms))];
}

/** 0 / 0 has no value: the distance is 1 by definition. */
function noDirection(a: Point) {
  return [row(fenced('‖', name(isOrigin(a) ? 'A' : 'B')), op('='), num(0)), row(op('⇒'), num(1))];
}

function hamming(a: Point, b: Point) {
  const [p, q] = [bitsOf(a), bitsOf(b)];
  const differs = (x: number, y: number) => row(op('['), num(x), op('≠'), num(y), op(']'));
  const flags = [Number(p[0] !== q[0]), Number(p[1] !== q[1])] as const;
  return [
    row(differs(p[0], q[0]), op('+'), differs(p[1], q[1])),
    row(op('='), num(flags[0]), op('+'), num(flags[1])),
  ];
}

/** Sums and products of tenths, without the digits that binary fractions leave. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}
