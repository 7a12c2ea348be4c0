import { createRandom } from '../../projection/random.ts';
import type { Point } from './plane.ts';

type Move = 'x' | 'y';

/**
 * How many shortest ways lead along the grid from one crossing to another: (m + n)! / (m! n!) for m steps across and n
 * up or down.
 */
export function countGridPaths(a: Point, b: Point): number {
  const across = Math.abs(b.x - a.x);
  const up = Math.abs(b.y - a.y);
  let ways = 1;
  for (let i = 1; i <= up; i++) ways = (ways * (across + i)) / i;
  return ways;
}

/**
 * Different shortest ways from a to b along the axes, as corners: the most even staircase first, then the two with one
 * turn, then others. All there are when they are no more than `most`. Steps are whole units and what is left over.
 */
export function staircases(a: Point, b: Point, most: number): readonly (readonly Point[])[] {
  const across = stepsBetween(a.x, b.x);
  const up = stepsBetween(a.y, b.y);
  const ways = new Map<string, readonly Move[]>();
  const add = (moves: readonly Move[]) => ways.set(moves.join(''), moves);
  const total = countGridPaths({ x: 0, y: 0 }, { x: across.length, y: up.length });
  add(evenMoves(across.length, up.length));
  if (total <= most) {
    for (const moves of allMoves(across.length, up.length)) add(moves);
  } else {
    const straight: Move[] = [...across.map(() => 'x' as const), ...up.map(() => 'y' as const)];
    add(straight);
    add(straight.toReversed());
    const random = createRandom(0);
    while (ways.size < most) add(shuffle(straight, random));
  }
  return [...ways.values()].map((moves) => walk(a, moves, across, up));
}

/** Signed lengths of the steps from one coordinate to another. */
function stepsBetween(from: number, to: number): number[] {
  const length = Math.abs(to - from);
  const sign = Math.sign(to - from);
  const whole = Math.floor(length + ROUNDING);
  const rest = length - whole;
  const steps = Array.from({ length: whole }, () => sign);
  return rest > ROUNDING ? [...steps, sign * rest] : steps;
}

// Coordinates are tenths, whose differences are off by far less.
const ROUNDING = 1e-9;

/** Of all ways the one that stays nearest to the straight line. */
function evenMoves(across: number, up: number): Move[] {
  const moves: Move[] = [];
  let x = 0;
  let y = 0;
  while (x < across || y < up) {
    const isAcross = (x + 1) * up <= (y + 1) * across;
    if (y === up || (x < across && isAcross)) {
      moves.push('x');
      x++;
    } else {
      moves.push('y');
      y++;
    }
  }
  return moves;
}

function* allMoves(across: number, up: number): Generator<Move[]> {
  if (across + up === 0) yield [];
  if (across > 0) for (const rest of allMoves(across - 1, up)) yield ['x', ...rest];
  if (up > 0) for (const rest of allMoves(across, up - 1)) yield ['y', ...rest];
}

/** Fisher and Yates. */
function shuffle(moves: readonly Move[], random: () => number): Move[] {
  const shuffled = [...moves];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j] ?? 'x', shuffled[i] ?? 'x'];
  }
  return shuffled;
}

function walk(
  from: Point,
  moves: readonly Move[],
  across: readonly number[],
  up: readonly number[],
): Point[] {
  const corners = [from];
  let { x, y } = from;
  let [i, j] = [0, 0];
  for (const move of moves) {
    if (move === 'x') x += across[i++] ?? 0;
    else y += up[j++] ?? 0;
    corners.push({ x, y });
  }
  return corners;
}
