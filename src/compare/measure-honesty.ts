import * as Comlink from 'comlink';
import { type Job, orAborted } from '../common/job.ts';
import { inSteps } from '../common/steps.ts';
import type { MetricOptions, MetricSet, VectorSet } from '../metrics/engine.ts';
import { chanceNeighborhoods, type NeighborhoodQuality, type NeighborhoodRanks } from './neighborhoods.ts';
import { countItems, nearestOf, pickPairs, rankTargets, type Tools } from './rows-of-distances.ts';
import { planPairs, sampleItems, usableSizes } from './sample.ts';
import { CHANCE_TRIPLETS } from './triplets.ts';
import type { GlobalQuality } from './work.ts';

/** Where a map, or what it is held against (PCA), puts the items. */
export interface MapPositions {
  /** n × dimensions, row-major */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly dimensions: number;
}

export interface HonestyQuestion {
  readonly set: MetricSet;
  readonly options: MetricOptions;
  /** Measured together, which is quicker than one by one: all share what is measured in the space. */
  readonly maps: readonly MapPositions[];
  /** Neighborhoods; 15, 50 and 150 unless told. One of half the items or more becomes the largest below. */
  readonly sizes?: readonly number[] | undefined;
  /** Neighbors of each item to give back, for lines; 15 unless told. */
  readonly detail?: number | undefined;
  /** Up to how many items all are looked at; 20,000 unless told. */
  readonly mostItems?: number | undefined;
  /** Items that are drawn beyond; 2,000 unless told. */
  readonly anchors?: number | undefined;
  readonly seed?: number | undefined;
}

export interface MapHonesty {
  /** One for each size; see `chance` for what a random map has. */
  readonly sizes: readonly NeighborhoodQuality[];
  /** For `straysOf`; of the anchors where there are some. */
  readonly neighbors: NeighborhoodRanks;
  readonly global: GlobalQuality;
}

export interface Honesty {
  readonly items: number;
  /** The items that neighborhoods were looked at of, ascending; null where it was all. All items are among the ranks. */
  readonly anchors: Uint32Array<ArrayBuffer> | null;
  /** Pairs that the correlations and the Shepard diagram are of, and whether it is every pair. */
  readonly pairs: number;
  readonly isEveryPair: boolean;
  /** In the order of the question. Empty where there are fewer than three items. */
  readonly maps: readonly MapHonesty[];
  /** What a random map is expected to have: exact, and not one drawn. */
  readonly chance: {
    readonly sizes: readonly {
      readonly k: number;
      readonly trustworthiness: number;
      readonly continuity: number;
      readonly kept: number;
    }[];
    readonly pearson: 0;
    readonly spearman: 0;
    readonly triplets: number;
  };
}

const SIZES = [15, 50, 150];
const DETAIL = 15;
const MOST_ITEMS = 20_000;
const ANCHORS = 2_000;
const PAIRS = 500_000;
const TRIPLETS = 200_000;
const SHEPARD_BINS = 48;
/** How long the space takes beside a map, for the progress. */
const SPACE = 3;

/**
 * Measures maps against the space that they are of.
 *
 * @throws {RangeError} when a map has not one position for each item
 */
export async function measureHonesty(
  tools: Tools,
  question: HonestyQuestion,
  job: Job = {},
): Promise<Honesty> {
  const { set, options, maps, detail = DETAIL, mostItems = MOST_ITEMS, seed = 1 } = question;
  const n = countItems(set);
  // Copied, for an engine knows an array by its identity, and a map moves.
  const flat = maps.map((map): VectorSet => ({ vectors: map.positions.slice(), dimension: map.dimensions }));
  for (const map of flat) checkPlaces(map, n);
  const sizes = usableSizes(n, question.sizes ?? SIZES);
  const anchors = n > mostItems ? sampleItems(n, question.anchors ?? ANCHORS, seed) : null;
  const plan = planPairs(n, PAIRS, seed);
  const chance = {
    sizes: sizes.map((k) => ({ k, ...chanceNeighborhoods(n, k) })),
    pearson: 0,
    spearman: 0,
    triplets: CHANCE_TRIPLETS,
  } as const;
  const common = { items: n, anchors, pairs: plan.pairs, isEveryPair: plan.perRow === 0, chance };
  const width = sizes.at(-1);
  if (width === undefined) return { ...common, maps: [] };

  // The space has many dimensions, and each map two or three.
  const step = inSteps(job, [SPACE, ...flat.flatMap(() => [1, 1]), SPACE, SPACE, ...flat.map(() => 1)]);
  const ranks = await rankBothWays(tools, { set, options, flat, width, anchors }, step);
  const perRow = 2 * Math.ceil(TRIPLETS / (plan.rows?.length ?? n));
  const pick = (what: MetricSet, how: MetricOptions, name: string) =>
    pickPairs(
      tools,
      what,
      how,
      plan.rows,
      [
        { name: `${name} pairs`, perRow: plan.perRow, seed },
        { name: `${name} triplets`, perRow, seed: seed + 1 },
      ],
      step(),
    );
  await pick(set, options, 'space');
  const results: MapHonesty[] = [];
  for (const [place, map] of flat.entries()) {
    const own = ranks[place];
    if (!own) continue;
    await pick(map, FLAT, 'map');
    const { work } = tools;
    const global = await orAborted(
      work.globalQuality(
        { space: 'space pairs', map: 'map pairs' },
        { space: 'space triplets', map: 'map triplets' },
        SHEPARD_BINS,
      ),
      job.signal,
    );
    // What only this map has is handed over and not copied: megabytes that would hold up the page.
    const { mapNeighbors, ranksOnMap, ranksInSpace } = own;
    const handed = Comlink.transfer(own, [mapNeighbors.buffer, ranksOnMap.buffer, ranksInSpace.buffer]);
    results.push({
      ...(await orAborted(work.neighborhoods(handed, n, sizes, detail), job.signal)),
      global,
    });
  }
  return { ...common, maps: results };
}

const FLAT: MetricOptions = { metric: 'euclidean' };

/** Neighbors on both sides and their ranks on the other; the rows of the space are measured once for all maps. */
async function rankBothWays(
  tools: Tools,
  {
    set,
    options,
    flat,
    width,
    anchors,
  }: {
    readonly set: MetricSet;
    readonly options: MetricOptions;
    readonly flat: readonly VectorSet[];
    readonly width: number;
    readonly anchors: Uint32Array<ArrayBuffer> | null;
  },
  step: () => Job,
): Promise<NeighborhoodRanks[]> {
  const { engine } = tools;
  const inSpace = await nearestOf(engine, set, options, width, anchors, step());
  const trueNeighbors = inSpace.indices;
  const sides: { mapNeighbors: Uint32Array<ArrayBuffer>; ranksOnMap: Uint32Array<ArrayBuffer> }[] = [];
  for (const map of flat) {
    const { indices } = await nearestOf(engine, map, FLAT, width, anchors, step());
    const wanted = { rows: anchors, lists: [trueNeighbors], width };
    const [ranksOnMap = indices] = await rankTargets(tools, map, FLAT, wanted, step());
    sides.push({ mapNeighbors: indices, ranksOnMap });
  }
  const wanted = { rows: anchors, lists: sides.map(({ mapNeighbors }) => mapNeighbors), width };
  const ranks = sides.length > 0 ? await rankTargets(tools, set, options, wanted, step()) : [];
  return sides.map((side, place) => ({
    k: width,
    trueNeighbors,
    ...side,
    ranksInSpace: ranks[place] ?? new Uint32Array(0),
  }));
}

function checkPlaces({ vectors, dimension }: VectorSet, n: number): void {
  if (vectors.length === n * dimension) return;
  throw new RangeError(
    `The map has ${vectors.length / dimension} positions for ${n} items; lay out all items before measuring it.`,
  );
}
