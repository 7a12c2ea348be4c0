/** Every number of the measures as tables that leave the page. */
import type { Agreement } from '../../compare/agreement.ts';
import type { Correlations } from '../../compare/compare-metrics.ts';
import type { Honesty } from '../../compare/measure-honesty.ts';
import type { Space } from '../../compare/measure-space.ts';
import { SHEPARD_QUANTILES } from '../../compare/shepard.ts';
import type { Spread } from '../../compare/spread.ts';
import type { Id } from '../../data/item.ts';
import { type Cell, csvPieces, float32Text } from '../../export/csv.ts';
import { scoresOf } from './scores.ts';

/** A table as it leaves the page. */
export interface Table {
  /** What it is called as a file, without the ending. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What items are called. */
export type NameOf = (id: Id) => string;

export const csvOf = ({ columns, rows }: Table): string => [...csvPieces(columns, rows, true)].join('');

export function agreementTable(
  names: readonly string[],
  agreement: Agreement | undefined,
  correlations: Correlations | undefined,
): Table {
  const rows: Cell[][] = [];
  for (const { first, second, overlaps, rbo, chanceRbo } of agreement?.pairs ?? []) {
    const pair = [names[first], names[second]];
    for (const { k, share, jaccard, chance } of overlaps) {
      rows.push([...pair, 'mean share', k, share, chance.share]);
      rows.push([...pair, 'Jaccard', k, jaccard, chance.jaccard]);
    }
    rows.push([...pair, 'rank-biased overlap', overlaps.at(-1)?.k, rbo, chanceRbo]);
  }
  for (const { first, second, ...found } of correlations?.pairs ?? []) {
    for (const name of ['pearson', 'spearman', 'kendall'] as const) {
      rows.push([names[first], names[second], name, undefined, found[name], 0]);
    }
  }
  return { name: 'agreement', columns: ['metric', 'other', 'measure', 'k', 'value', 'chance'], rows };
}

/** All items, the most contested first. */
export function contestedTable({ disagreement }: Agreement, ids: readonly Id[], nameOf: NameOf): Table {
  const order = [...disagreement.keys()].sort(
    (a, b) => (disagreement[b] ?? 0) - (disagreement[a] ?? 0) || a - b,
  );
  return {
    name: 'disagreement',
    columns: ['id', 'name', 'disagreement'],
    rows: order.map((row) => [...item(ids, nameOf, row), short(disagreement, row)]),
  };
}

export interface NamedHonesty {
  readonly name: string;
  readonly ids: readonly Id[];
  readonly honesty: Honesty;
}

export function honestyTable(maps: readonly NamedHonesty[], size: number): Table {
  return {
    name: 'honesty',
    columns: ['map', 'measure', 'value', 'standard error', 'PCA', 'random map', 'items', 'looked at'],
    rows: maps.flatMap(({ name, honesty }) =>
      scoresOf(honesty, size).map(({ label, value, standardError, pca, random }) => [
        name,
        label,
        value,
        standardError,
        pca,
        random,
        honesty.items,
        honesty.anchors?.length ?? honesty.items,
      ]),
    ),
  };
}

/** A row an item that was looked at. */
export function honestyOfItemsTable(maps: readonly NamedHonesty[], nameOf: NameOf): Table {
  const rows: Cell[][] = [];
  for (const { name, ids, honesty } of maps) {
    for (const { k, trustworthiness, continuity, kept } of honesty.maps[0]?.sizes ?? []) {
      for (const row of trustworthiness.perItem.keys()) {
        const place = honesty.anchors?.[row] ?? row;
        const numbers = [trustworthiness, continuity, kept].map(({ perItem }) => short(perItem, row));
        rows.push([name, ...item(ids, nameOf, place), k, ...numbers]);
      }
    }
  }
  const columns = ['map', 'id', 'name', 'k', 'trustworthiness', 'continuity', 'neighbors kept'];
  return { name: 'honesty-of-items', columns, rows };
}

/** Quantiles of the distance on the map by the distance in the space. */
export function shepardTable(maps: readonly NamedHonesty[]): Table {
  const rows: Cell[][] = [];
  for (const { name, honesty } of maps) {
    const shepard = honesty.maps[0]?.global.shepard;
    if (!shepard) continue;
    const { bins, counts, quantiles } = shepard;
    const [from, to] = shepard.space;
    for (let bin = 0; bin < bins; bin++) {
      const pairs = counts.subarray(bin * bins, (bin + 1) * bins).reduce((sum, count) => sum + count, 0);
      const width = SHEPARD_QUANTILES.length;
      const values = quantiles.subarray(bin * width, (bin + 1) * width);
      const ends = [from + ((to - from) * bin) / bins, from + ((to - from) * (bin + 1)) / bins];
      rows.push([name, ...ends, pairs, ...Array.from(values, float32Text)]);
    }
  }
  const shares = SHEPARD_QUANTILES.map((share) => `${share * 100} % on the map`);
  return { name: 'shepard', columns: ['map', 'from', 'to', 'pairs', ...shares], rows };
}

/** From near to far; similarities as they are, so that near ones are the largest. */
export function histogramTable({ distances, random }: Space): Table {
  const rows: Cell[][] = [];
  const add = (name: string, { smallest, largest, counts }: Spread) => {
    const width = (largest - smallest) / counts.length;
    counts.forEach((count, bin) => {
      const [from, to] = [smallest + bin * width, smallest + (bin + 1) * width];
      rows.push(distances.isSimilarity ? [name, -to, -from, count] : [name, from, to, count]);
    });
  };
  add('these items', distances.spread);
  if (random) {
    add('normal random numbers', random.gaussian.spread);
    add('uniform random numbers', random.uniform.spread);
  }
  return { name: 'distances', columns: ['of', 'from', 'to', 'pairs'], rows };
}

/** One number a row. */
export function spaceTable({ items, dimension, distances, random, neighbors, isotropy }: Space): Table {
  const { isSimilarity } = distances;
  const sign = isSimilarity ? -1 : 1;
  const noun = isSimilarity ? 'similarity' : 'distance';
  const numbers: (readonly [string, number | undefined, (number | undefined)?])[] = [
    ['items', items],
    ['dimension', dimension],
    [`mean ${noun}`, sign * distances.spread.mean, random ? sign * random.gaussian.spread.mean : undefined],
    [`standard deviation of the ${noun}`, distances.spread.deviation, random?.gaussian.spread.deviation],
    ...(isSimilarity
      ? []
      : [['median contrast', distances.contrast.median, random?.gaussian.contrast.median] as const]),
    ['hubness, skew', neighbors?.hubness.skewness, neighbors?.hubness.chanceSkewness],
    ['hubs', neighbors?.hubness.hubs.length],
    ['items that are nobody’s neighbor', neighbors?.hubness.antihubs.length],
    ['intrinsic dimension', neighbors?.distances?.dimension.dimension, dimension],
    ['effective directions', isotropy?.effectiveDimensions, dimension],
    ['IsoScore', isotropy?.isoScore, 1],
    ['mean cosine', isotropy?.meanCosine, 0],
  ];
  return {
    name: 'space',
    columns: ['measure', 'value', 'beside'],
    rows: numbers.map(([name, value, beside]) => [name, value, beside]),
  };
}

/** How often each item is a neighbor, and how far it is from its own. */
export function spaceOfItemsTable({ neighbors }: Space, ids: readonly Id[], nameOf: NameOf): Table {
  const scores = neighbors?.distances?.outliers.scores;
  return {
    name: 'space-of-items',
    columns: ['id', 'name', 'times a neighbor', 'mean distance to its neighbors'],
    rows: ids.map((_, row) => [
      ...item(ids, nameOf, row),
      neighbors?.hubness.occurrences[row],
      scores && short(scores, row),
    ]),
  };
}

/** Pairs of near items, nearest first. */
export function pairsTable({ neighbors }: Space, ids: readonly Id[], nameOf: NameOf, most: number): Table {
  const pairs = neighbors?.distances?.nearPairs;
  const count = Math.min(most, pairs?.distances.length ?? 0);
  return {
    name: 'near-pairs',
    columns: ['id', 'name', 'other id', 'other name', 'distance'],
    rows: Array.from({ length: count }, (_, pair) => [
      ...item(ids, nameOf, pairs?.items[2 * pair] ?? 0),
      ...item(ids, nameOf, pairs?.items[2 * pair + 1] ?? 0),
      short(pairs?.distances ?? new Float32Array(0), pair),
    ]),
  };
}

function item(ids: readonly Id[], nameOf: NameOf, row: number): Cell[] {
  const id = ids[row] ?? '';
  return [id, nameOf(id)];
}

const short = (values: Float32Array, row: number): string => float32Text(values[row] ?? Number.NaN);
