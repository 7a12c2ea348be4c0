import type { Job } from '../../common/job.ts';
import { makeTurns } from '../../common/turns.ts';
import type { Rows } from '../training/learner.ts';
import { MODALITIES, type Modality } from '../world/factors.ts';
import { blocksOf, crossCorrelation } from './correlation.ts';
import { knnOfFactors, linearOfFactors, splitOf } from './factors.ts';
import { cosinesOf, measureAlignment, measureGap, measureUniformity } from './hypersphere.ts';
import type { LinearAccuracy } from './linear.ts';
import type {
  ByFactor,
  ByModality,
  PairReport,
  Probed,
  ProbeReport,
  ProbeSettings,
  ProbeSnapshot,
  RetrievalReport,
} from './report.ts';
import { markPair, type Retrieval, reachableFactors, recallByLevels, retrieve } from './retrieval.ts';
import { sliceColumns, sliceRows, UnfitRows } from './rows.ts';
import { measureSpread } from './spread.ts';

const SOUGHT_AMONG = 256;
const RECALLS = [1, 5];
// Rows and columns of a picture of similarities that can be told apart.
const PICTURED = 64;

interface MeasureJob extends Pick<Job, 'signal'> {
  /** Hears of the report as far as it is, after every probe. */
  readonly onReport?: ((report: ProbeReport) => void) | undefined;
}

/**
 * All probes of held-out embeddings, the cheap ones first. The first half of the scenes is learned from, and accuracies are of the other half;
 * between probes others have their turn. Where embeddings are not fit to be measured, such as after a divergence, the report says why instead.
 *
 * @throws {RangeError} when rows are not those of the scenes
 * @throws what the signal was aborted with
 */
export async function measure(
  snapshot: ProbeSnapshot,
  settings: ProbeSettings,
  { signal, onReport }: MeasureJob = {},
): Promise<ProbeReport> {
  checkCounts(snapshot);
  const turn = makeTurns(signal);
  let report: ProbeReport = {
    split: snapshot.known
      ? { train: snapshot.known.labels.length, test: snapshot.scenes.length }
      : splitOf(snapshot.scenes),
    spread: {},
    projectionSpread: {},
    uniformity: {},
    pairs: [],
    retrieval: [],
    knn: {},
    linear: {},
    parts: {},
  };
  await turn();
  for (const change of probesOf(snapshot, settings)) {
    report = merge(report, change);
    onReport?.(report);
    await turn();
  }
  return report;
}

type Change = Partial<Omit<ProbeReport, 'split'>>;

/** Each probe when it is asked for. */
function* probesOf(snapshot: ProbeSnapshot, settings: ProbeSettings): Generator<Change> {
  const compared = { ...snapshot.rows, ...snapshot.projections };
  for (const [modality, rows] of entriesOf(snapshot.rows)) {
    yield { spread: { [modality]: probe(() => measureSpread(rows)) } };
  }
  for (const [modality, rows] of entriesOf(snapshot.projections ?? {})) {
    yield { projectionSpread: { [modality]: probe(() => measureSpread(rows)) } };
  }
  for (const [modality, rows] of entriesOf(compared)) {
    yield { uniformity: { [modality]: probe(() => measureUniformity(rows)) } };
  }
  for (const [modality, view] of entriesOf(snapshot.views ?? {})) {
    const rows = compared[modality];
    if (rows) yield { pairs: [describePair([modality, rows], [modality, view], settings)] };
  }
  const pairs = pairsOf(entriesOf(compared));
  for (const pair of pairs) yield { pairs: [describePair(...pair, settings)] };
  for (const pair of pairs) yield { retrieval: seek(...pair, snapshot.scenes, settings) };
  yield* factorProbesOf(snapshot, settings, compared);
}

function* factorProbesOf(
  { scenes, rows, known }: ProbeSnapshot,
  { k, common }: ProbeSettings,
  compared: ByModality<Rows>,
): Generator<Change> {
  const itemsOf = (modality: Modality) => {
    const learned = known?.rows[modality];
    return 'labels' in scenes && known && learned
      ? { ...scenes, known: { rows: learned, labels: known.labels } }
      : scenes;
  };
  for (const [modality, of] of entriesOf(rows)) {
    yield {
      knn: { [modality]: probe(() => knnOfFactors(of, itemsOf(modality), k === undefined ? {} : { k })) },
    };
  }
  for (const [modality, of] of entriesOf(rows)) {
    yield { linear: { [modality]: probe(() => linearOfFactors(of, itemsOf(modality))) } };
  }
  if (common === undefined) return;
  const read = (of: Rows, from: number, to: number): Probed<ByFactor<LinearAccuracy>> =>
    from < to
      ? probe(() => linearOfFactors(sliceColumns(of, from, to), scenes))
      : { type: 'unfit', reason: 'There are no such dimensions.' };
  for (const [modality, of] of entriesOf(compared)) {
    yield { parts: { [modality]: { common: read(of, 0, common), unique: read(of, common, of.width) } } };
  }
}

type Entry = readonly [Modality, Rows];

/** Of two modalities, or of two views of one. */
function describePair([first, a]: Entry, [second, b]: Entry, { trained, common }: ProbeSettings): PairReport {
  const pair = {
    first,
    second,
    alignment: probe(() => measureAlignment(a, b)),
    gap: probe(() => measureGap(a, b)),
  };
  if (first !== second && markPair(first, second, trained) !== 'trained') return pair;
  const n = Math.min(PICTURED, a.count);
  return {
    ...pair,
    correlation: probe(() => {
      const correlation = crossCorrelation(a, b);
      return { ...correlation, blocks: blocksOf(correlation, common ?? a.width) };
    }),
    similarities: probe(() => ({ values: cosinesOf(sliceRows(a, 0, n), sliceRows(b, 0, n)), n })),
  };
}

function seek(
  [one, a]: Entry,
  [other, b]: Entry,
  scenes: ProbeSnapshot['scenes'],
  { trained, soughtAmong = SOUGHT_AMONG }: ProbeSettings,
): RetrievalReport[] {
  const n = Math.min(soughtAmong, scenes.length);
  const mark = markPair(one, other, trained);
  // What real pictures and their words tell each other of is not known.
  const known = 'labels' in scenes ? undefined : scenes.slice(0, n);
  const factors = known ? reachableFactors(one, other, trained) : [];
  const found = probe(() => retrieve(sliceRows(a, 0, n), sliceRows(b, 0, n), RECALLS));
  const inDirection = (from: Modality, to: Modality, direction: keyof Retrieval): RetrievalReport => ({
    from,
    to,
    mark,
    factors,
    recalls:
      found.type === 'unfit'
        ? found
        : {
            type: 'measured',
            value: found.value[direction].map((recall) => ({
              ...recall,
              ...(known && { byLevels: recallByLevels(known, factors, recall.k) }),
            })),
          },
  });
  return [inDirection(one, other, 'forward'), inDirection(other, one, 'backward')];
}

function merge(report: ProbeReport, change: Change): ProbeReport {
  return {
    split: report.split,
    spread: { ...report.spread, ...change.spread },
    projectionSpread: { ...report.projectionSpread, ...change.projectionSpread },
    uniformity: { ...report.uniformity, ...change.uniformity },
    pairs: [...report.pairs, ...(change.pairs ?? [])],
    retrieval: [...report.retrieval, ...(change.retrieval ?? [])],
    knn: { ...report.knn, ...change.knn },
    linear: { ...report.linear, ...change.linear },
    parts: { ...report.parts, ...change.parts },
  };
}

/** What is not fit to be measured becomes its reason; mistakes of the caller are thrown on. */
function probe<T>(measureIt: () => T): Probed<T> {
  try {
    return { type: 'measured', value: measureIt() };
  } catch (error) {
    if (error instanceof UnfitRows) return { type: 'unfit', reason: error.message };
    throw error;
  }
}

function entriesOf(of: ByModality<Rows>): Entry[] {
  return MODALITIES.flatMap((modality): Entry[] => {
    const rows = of[modality];
    return rows ? [[modality, rows]] : [];
  });
}

function pairsOf(entries: readonly Entry[]): [Entry, Entry][] {
  return entries.flatMap((first, at) =>
    entries.slice(at + 1).map((second): [Entry, Entry] => [first, second]),
  );
}

function checkCounts({ scenes, rows, projections, views }: ProbeSnapshot): void {
  for (const [what, of] of Object.entries({ embeddings: rows, projections, views })) {
    for (const [modality, { count }] of entriesOf(of ?? {})) {
      if (count !== scenes.length) {
        throw new RangeError(
          `There are ${count} ${what} of ${modality} for ${scenes.length} scenes. Give one for each.`,
        );
      }
    }
  }
}
