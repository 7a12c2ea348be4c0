/** For the tests of lessons: what can be seen on the map of a recording. */
import { shownRows } from '../../src/app/lab/shown-rows.ts';
import type { Frame, Recording } from '../../src/lab/recording/recording.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import { renderImage } from '../../src/lab/world/image.ts';
import type { Scene } from '../../src/lab/world/scene.ts';

const COUNT = 256;
const NEIGHBORS = 10;

export const scenesOf = ({ settings }: Recording): readonly Scene[] => heldOutScenes(settings, COUNT);

/** The rows that the map draws, and how many numbers each has. */
export function drawnRows({ settings }: Recording, frame: Frame): readonly [Float32Array, number] {
  const rows = shownRows(settings, frame, []);
  if (!rows) throw new Error(`There is nothing to draw of step ${frame.step}.`);
  return [rows.values, rows.width];
}

/** How bright the ground of each scene is: the mean of its rim, where no thing is. */
export function groundsOf(recording: Recording): readonly number[] {
  const side = 16;
  return scenesOf(recording).map((scene) => {
    const image = renderImage(scene, side);
    const rim: number[] = [];
    for (let at = 0; at < side; at++) {
      for (const pixel of [at, side * (side - 1) + at, side * at, side * at + side - 1]) {
        rim.push(...image.subarray(3 * pixel, 3 * pixel + 3));
      }
    }
    return meanOf(rim);
  });
}

/** How well some straight way over a map sorts a number: the multiple correlation, 0 to 1. */
export function sortedness(scores: ArrayLike<number>, numbers: readonly number[]): number {
  // The two columns of a PCA are uncorrelated, so that their shares add up.
  const shares = [0, 1].map((column) => {
    const along = numbers.map((_, row) => scores[2 * row + column] ?? 0);
    return correlation(along, numbers) ** 2;
  });
  return Math.sqrt(shares.reduce((sum, share) => sum + share, 0));
}

/** The share of the nearest of all rows that have the label of their row. */
export function neighborAgreement(
  values: ArrayLike<number>,
  width: number,
  labels: readonly string[],
): number {
  const found = labels.flatMap((label, row) =>
    nearestOf(values, width, labels.length, row).map((other) => Number(labels[other] === label)),
  );
  return meanOf(found);
}

/** How much neighbors differ in a number, where any two rows differ by 1 on average. */
export function neighborDifference(
  values: ArrayLike<number>,
  width: number,
  numbers: readonly number[],
): number {
  const between = (row: number, other: number) => Math.abs((numbers[row] ?? 0) - (numbers[other] ?? 0));
  const near = numbers.flatMap((_, row) =>
    nearestOf(values, width, numbers.length, row).map((other) => between(row, other)),
  );
  const all = numbers.flatMap((_, row) =>
    numbers.flatMap((_, other) => (other === row ? [] : between(row, other))),
  );
  return meanOf(near) / meanOf(all);
}

function nearestOf(values: ArrayLike<number>, width: number, count: number, row: number): number[] {
  const distances = Array.from({ length: count }, (_, other) => {
    let sum = 0;
    for (let at = 0; at < width; at++) {
      sum += ((values[row * width + at] ?? 0) - (values[other * width + at] ?? 0)) ** 2;
    }
    return { other, sum };
  });
  return distances
    .filter(({ other }) => other !== row)
    .sort((a, b) => a.sum - b.sum)
    .slice(0, NEIGHBORS)
    .map(({ other }) => other);
}

function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [mx, my] = [meanOf(xs), meanOf(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  xs.forEach((x, at) => {
    const [dx, dy] = [x - mx, (ys[at] ?? 0) - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xy / Math.sqrt(xx * yy);
}

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
