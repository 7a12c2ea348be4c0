import { distance, PLANE_METRICS, type PlaneMetric } from './measures.ts';
import type { Point } from './plane.ts';

interface Goal {
  readonly metric: PlaneMetric;
  readonly is: 'equal' | 'below';
  readonly value: number;
}

export interface Challenge {
  readonly task: string;
  readonly goals: readonly Goal[];
  /** One answer of many. */
  readonly answer: { readonly a: Point; readonly b: Point };
  readonly why: string;
}

export const CHALLENGES: readonly Challenge[] = [
  {
    task: 'Place A and B so that Euclidean is 5 and Manhattan is 7.',
    goals: [
      { metric: 'euclidean', is: 'equal', value: 5 },
      { metric: 'manhattan', is: 'equal', value: 7 },
    ],
    answer: { a: { x: 1, y: 1 }, b: { x: 5, y: 4 } },
    why: 'Sides of 3 and 4 add up to 7 along the grid, and to √(9 + 16) = 5 straight.',
  },
  {
    task: 'Place A and B so that cosine is 0 and Euclidean is 5.',
    goals: [
      { metric: 'cosine', is: 'equal', value: 0 },
      { metric: 'euclidean', is: 'equal', value: 5 },
    ],
    answer: { a: { x: 1, y: 0 }, b: { x: 6, y: 0 } },
    why: 'Both lie on one ray from the origin, so their direction is the same however far apart they are.',
  },
  {
    task: 'Bring A and B nearer than 2 (Euclidean) while all their bits differ (Hamming 2).',
    goals: [
      { metric: 'euclidean', is: 'below', value: 2 },
      { metric: 'hamming', is: 'equal', value: 2 },
    ],
    answer: { a: { x: 1, y: 1 }, b: { x: 0, y: 0 } },
    why: 'A short step over both axes flips both bits. 0 is not above 0, so its bit is 0.',
  },
];

export interface Verdict {
  readonly solved: boolean;
  /** What is right and what is not yet, in words. */
  readonly text: string;
}

// A person moves by tenths: this is what rounding leaves, not what a step makes.
const ROUNDING = 1e-9;

/** How two points stand against a challenge. */
export function check({ goals }: Challenge, a: Point, b: Point): Verdict {
  const states = goals.map((goal) => {
    const found = distance(goal.metric, a, b);
    const { value } = goal;
    const met = goal.is === 'below' ? found < value - ROUNDING : Math.abs(found - value) <= ROUNDING;
    const label = PLANE_METRICS.find(({ id }) => id === goal.metric)?.label ?? goal.metric;
    const wanted = goal.is === 'below' ? `less than ${value}` : String(value);
    return { met, text: `${label} is ${shortNumber(found)}${met ? ', as wanted' : `, wanted ${wanted}`}` };
  });
  const solved = states.every(({ met }) => met);
  const details = states.map(({ text }) => text).join('; ');
  return { solved, text: solved ? `Solved: ${details}.` : `Not yet: ${details}.` };
}

/** Three digits, unless they would hide that a number is not the one it looks like. */
function shortNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const short = value.toFixed(3);
  if (Math.abs(Number(short) - value) <= ROUNDING || !Number.isInteger(Number(short))) return short;
  return value.toPrecision(3);
}
