// What was measured, as the sections of a report: each number with its name, its value by chance, and the sentence that reads it.
import type { Agreement } from '../compare/agreement.ts';
import type { Correlations } from '../compare/compare-metrics.ts';
import type { Honesty } from '../compare/measure-honesty.ts';
import type { Space } from '../compare/measure-space.ts';
import { countWithin } from '../compare/near-duplicates.ts';
import {
  readConcentration,
  readContinuity,
  readContrast,
  readCorrelation,
  readHubness,
  readIntrinsicDimension,
  readIsotropy,
  readJaccard,
  readKept,
  readMapCorrelation,
  readNearPairs,
  readOutliers,
  readOverlap,
  readRankBiasedOverlap,
  readTriplets,
  readTrustworthiness,
} from '../compare/readings.ts';
import type { Cell } from './csv.ts';
import { type Figure, svgOfFigure } from './figure.ts';
import { histogramFigure } from './histogram.ts';
import type { ReportMap, ReportSection, ReportTable } from './report.ts';
import { REPORT_PAINT } from './report-style.ts';
import { shepardFigure } from './shepard.ts';

const SIZE = { label: 'k', digits: 0 };
/** Of those that stand out, as many are named. */
const MOST_NAMED = 10;

/** @param itemNames of the items that are compared, row by row */
export function agreementSection(
  metrics: readonly string[],
  measured: { readonly agreement: Agreement; readonly correlations: Correlations } | undefined,
  itemNames: (row: number) => string,
): ReportSection {
  const base = {
    id: 'agreement',
    title: 'How the metrics agree',
    intro:
      'Two metrics agree where they have the same items near each other. Neighborhoods are exact; chance is what two unrelated metrics would have.',
  };
  const { agreement, correlations } = measured ?? {};
  if (!agreement || !correlations || agreement.pairs.length === 0) {
    const missing = 'Two ways of measuring and three items that both have are needed to compare.';
    return { ...base, missing, tables: [], readings: [] };
  }
  const name = (place: number) => metrics[place] ?? '';
  const pairName = ({ first, second }: { first: number; second: number }) =>
    `${name(first)} and ${name(second)}`;
  const { k } = agreement;
  const shareOf = (row: number, column: number): number => {
    const [first, second] = [Math.min(row, column), Math.max(row, column)];
    const pair = agreement.pairs.find((each) => each.first === first && each.second === second);
    return pair?.overlaps.find((overlap) => overlap.k === k)?.share ?? Number.NaN;
  };
  const chance = agreement.pairs[0]?.overlaps.find((overlap) => overlap.k === k)?.chance.share;
  const tables: ReportTable[] = [
    {
      id: 'agreement-matrix',
      title: `Share of the ${k} nearest that two metrics have in common`,
      note: `1 is all of them, chance is ${(chance ?? 0).toFixed(3)}.`,
      columns: [{ label: 'Metric' }, ...metrics.map((label) => ({ label }))],
      rows: metrics.map((metric, row) => [
        metric,
        ...metrics.map((_, column) => (row === column ? 1 : shareOf(row, column))),
      ]),
    },
    {
      id: 'overlap',
      title: 'Overlap of neighborhoods',
      columns: [
        { label: 'Metrics' },
        SIZE,
        { label: 'Overlap' },
        { label: 'By chance' },
        { label: 'Jaccard' },
        { label: 'By chance' },
      ],
      rows: agreement.pairs.flatMap((pair) =>
        pair.overlaps.map(({ k: size, share, jaccard, chance: by }) => [
          pairName(pair),
          size,
          share,
          by.share,
          jaccard,
          by.jaccard,
        ]),
      ),
    },
    {
      id: 'correlation',
      title: 'Correlation of all distances, and overlap read from the top',
      note: `Of ${correlations.count.toLocaleString('en-US')} pairs, ${correlations.isEveryPair ? 'all there are' : 'drawn at random'}.`,
      columns: [
        { label: 'Metrics' },
        { label: 'Spearman' },
        { label: 'Kendall' },
        { label: 'Pearson' },
        { label: 'Rank-biased overlap' },
        { label: 'By chance' },
      ],
      rows: agreement.pairs.map((pair) => {
        const found = correlations.pairs.find(
          ({ first, second }) => first === pair.first && second === pair.second,
        );
        const { spearman = Number.NaN, kendall = Number.NaN, pearson = Number.NaN } = found ?? {};
        return [pairName(pair), spearman, kendall, pearson, pair.rbo, pair.chanceRbo];
      }),
    },
    {
      id: 'contested',
      title: 'Items that the metrics disagree on most',
      note: `Share of the ${k} nearest that two metrics do not have in common, over all pairs of metrics.`,
      columns: [{ label: 'Item' }, { label: 'Disagreement' }],
      rows: [...agreement.contested.subarray(0, MOST_NAMED)].map((row) => [
        itemNames(row),
        agreement.disagreement[row] ?? Number.NaN,
      ]),
    },
  ];
  const readings = agreement.pairs.map((pair) => {
    const names = { first: name(pair.first), second: name(pair.second) };
    const overlap = pair.overlaps.find((each) => each.k === k);
    const correlation = correlations.pairs.find(
      ({ first, second }) => first === pair.first && second === pair.second,
    );
    return {
      about: pairName(pair),
      sentences: [
        ...(overlap ? [readOverlap(overlap, names), readJaccard(overlap, names)] : []),
        readRankBiasedOverlap(pair, names),
        ...(correlation ? [readCorrelation(correlation, correlations, names)] : []),
      ],
    };
  });
  return { ...base, tables, readings };
}

/** @param maps each measured together with PCA, in this order */
export function honestySection(
  maps: readonly { readonly name: string; readonly honesty: Honesty }[],
): ReportSection {
  const base = {
    id: 'honesty',
    title: maps.length === 1 ? 'How far the map can be trusted' : 'How far each map can be trusted',
    intro:
      'A map has fewer dimensions than its space, and must leave something out. Each number is held against PCA of the same space in as many dimensions, and against what a random map is expected to have.',
  };
  const measured = maps.filter(({ honesty }) => honesty.maps.length > 0);
  if (measured.length === 0) {
    return { ...base, missing: 'Three items are needed to measure a map.', tables: [], readings: [] };
  }
  const anchors = measured.find(({ honesty }) => honesty.anchors)?.honesty.anchors?.length;
  const rows = measured.flatMap(({ name, honesty }) => honestyRows(name, honesty));
  const table: ReportTable = {
    id: 'honesty-table',
    title: 'Trustworthiness, continuity, neighbors kept, and distances',
    note: `${anchors === undefined ? 'Of all items.' : `Of ${anchors.toLocaleString('en-US')} items drawn at random, each against all; ± is the standard error.`} 1 is perfect.`,
    columns: [
      { label: 'Map' },
      { label: 'Measure' },
      SIZE,
      { label: 'Map' },
      { label: '±' },
      { label: 'PCA' },
      { label: 'Random map' },
    ],
    rows,
  };
  const readings = measured.map(({ name, honesty }) => ({
    about: name,
    sentences: honestySentences(honesty),
  }));
  const figures = measured.flatMap(({ name, honesty }) => {
    const [map] = honesty.maps;
    return map ? [chart(shepardFigure(`Shepard diagram: ${name}`, map.global.shepard, REPORT_PAINT))] : [];
  });
  return { ...base, figures, tables: [table], readings };
}

function chart(figure: Figure): ReportMap {
  return {
    title: figure.title,
    picture: { svg: svgOfFigure(figure, REPORT_PAINT) },
    caption: figure.description,
  };
}

function honestyRows(name: string, { maps, chance }: Honesty): Cell[][] {
  const [map, pca] = maps;
  if (!map) return [];
  const sized = (['trustworthiness', 'continuity', 'kept'] as const).flatMap((measure) =>
    map.sizes.map((size, at): Cell[] => [
      name,
      { trustworthiness: 'Trustworthiness', continuity: 'Continuity', kept: 'Neighbors kept' }[measure],
      size.k,
      size[measure].value,
      // All items were looked at: there is no error of a sample.
      size[measure].standardError || undefined,
      pca?.sizes[at]?.[measure].value,
      chance.sizes[at]?.[measure],
    ]),
  );
  const { pearson, spearman, triplets } = map.global;
  return [
    ...sized,
    [
      name,
      'Correlation of distances (Pearson)',
      undefined,
      pearson,
      undefined,
      pca?.global.pearson,
      chance.pearson,
    ],
    [
      name,
      'Correlation of ranks (Spearman)',
      undefined,
      spearman,
      undefined,
      pca?.global.spearman,
      chance.spearman,
    ],
    [
      name,
      'Triplets in order',
      undefined,
      triplets.accuracy,
      triplets.standardError,
      pca?.global.triplets.accuracy,
      chance.triplets,
    ],
  ];
}

function honestySentences({ maps: [map], chance }: Honesty): string[] {
  if (!map) return [];
  const sized = map.sizes.flatMap((size, at) => {
    const by = chance.sizes[at];
    return by
      ? [
          readTrustworthiness(size, by.trustworthiness),
          readContinuity(size, by.continuity),
          readKept(size, by.kept),
        ]
      : [];
  });
  return [...sized, readMapCorrelation(map.global), readTriplets(map.global.triplets)];
}

/** @param spaces each with the names of its items, row by row */
export function spaceSection(
  spaces: readonly {
    readonly name: string;
    readonly space: Space;
    readonly itemName: (row: number) => string;
  }[],
): ReportSection {
  const facts = spaces.map(({ space }) => spaceFacts(space));
  const table: ReportTable = {
    id: 'space-table',
    title: 'Facts of the space',
    note: 'Random data are of the same size, and measured in the same way.',
    columns: [{ label: 'Fact' }, ...spaces.map(({ name }) => ({ label: name }))],
    rows: (facts[0] ?? []).map(([fact], row) => [fact, ...facts.map((each) => each[row]?.[1])]),
  };
  const named = spaces.flatMap(({ name, space, itemName }): Cell[][] => {
    const { hubness, distances } = space.neighbors ?? {};
    const hubs = [...(hubness?.hubs ?? [])].slice(0, MOST_NAMED / 2);
    const outliers = [...(distances?.outliers.farthest ?? [])].slice(0, MOST_NAMED / 2);
    return [
      ...hubs.map((row) => [name, 'Hub', itemName(row), hubness?.occurrences[row]]),
      ...outliers.map((row) => [name, 'Outlier', itemName(row), distances?.outliers.scores[row]]),
    ];
  });
  const tables = [table];
  if (named.length > 0) {
    tables.push({
      id: 'standing-out',
      title: 'Items that stand out',
      note: 'A hub is among the nearest of so many others; an outlier is so far from its nearest on average.',
      columns: [{ label: 'Metric' }, { label: 'As' }, { label: 'Item' }, { label: 'Value' }],
      rows: named,
    });
  }
  const figures = spaces.flatMap(({ name, space }) => {
    const figure = histogramFigure(`Distances: ${name}`, space, REPORT_PAINT);
    return figure ? [chart(figure)] : [];
  });
  return {
    id: 'space',
    title: 'What the space is like',
    intro:
      'Before any map is made: how distances are spread, who is near to many, and how many dimensions are in use.',
    figures,
    tables,
    readings: spaces.map(({ name, space }) => ({ about: name, sentences: spaceSentences(space) })),
  };
}

function spaceFacts({ items, dimension, distances, random, neighbors, isotropy }: Space): [string, Cell][] {
  const relative = ({ deviation, mean }: { deviation: number; mean: number }) => deviation / Math.abs(mean);
  const { hubness, distances: near } = neighbors ?? {};
  return [
    ['Items', items],
    ['Dimensions', dimension],
    ['Mean distance', distances.spread.mean],
    ['Smallest distance', distances.spread.smallest],
    ['Largest distance', distances.spread.largest],
    ['Deviation over mean', relative(distances.spread)],
    ['The same of normal random data', random ? relative(random.gaussian.spread) : undefined],
    ['The same of uniform random data', random ? relative(random.uniform.spread) : undefined],
    ['Relative contrast, median', distances.contrast.median],
    ['The same of normal random data', random?.gaussian.contrast.median],
    ['Hubness: skew', hubness?.skewness],
    ['Hubness: skew by chance', hubness?.chanceSkewness],
    ['Hubs', hubness?.hubs.length],
    ['Items that are nobody’s neighbor', hubness?.antihubs.length],
    ['Pairs at distance 0', near ? countWithin(near.nearPairs.distances, 0) : undefined],
    ['Distance to the nearest, median', near?.outliers.median],
    ['Intrinsic dimension (two-NN)', near?.dimension.dimension],
    ['Directions in use', isotropy?.effectiveDimensions],
    ['IsoScore', isotropy?.isoScore],
    ['Mean cosine', isotropy?.meanCosine],
  ];
}

function spaceSentences({ distances, random, neighbors, isotropy, dimension }: Space): string[] {
  const { hubness, distances: near } = neighbors ?? {};
  return [
    readConcentration(distances, random),
    readContrast(distances, random),
    ...(hubness ? [readHubness(hubness)] : []),
    ...(near
      ? [
          readOutliers(near.outliers),
          readNearPairs(countWithin(near.nearPairs.distances, 0), 0),
          readIntrinsicDimension(near.dimension, dimension),
        ]
      : []),
    ...(isotropy ? [readIsotropy(isotropy, dimension)] : []),
  ];
}
