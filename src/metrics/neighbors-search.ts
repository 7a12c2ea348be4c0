import type { Job } from '../common/job.ts';
import { Convoy, type Step } from '../gpu/convoy.ts';
import type { BufferScope } from '../gpu/memory.ts';
import type { Pace } from '../gpu/pace.ts';
import { readBuffer } from '../gpu/submit.ts';
import { type Pairing, UNIFORM } from './distances.ts';
import type { Neighbors } from './engine.ts';
import { uploadAllowed } from './neighbors-allowed.ts';
import { getSearchKernels, SORT_GROUP } from './neighbors-kernels.ts';
import { columnGroups, isSquare, type Piece, planSearch, rowGroups, strideOf } from './neighbors-plan.ts';
import { stripsOf } from './neighbors-strips.ts';
import { directTile, type Tile } from './tile.ts';
import { chooseTile, kernelCandidates } from './tuner.ts';

export interface SearchQuestion {
  readonly k: number;
  /** For the neighbors of a set in itself. */
  readonly leaveOutSelf: boolean;
  /** A number other than 0 for each column that may be found; all unless told. */
  readonly allowed?: Uint8Array<ArrayBuffer> | undefined;
  /** Learns how fast groups are measured one by one, as the pairing's pace learns it of tiles. */
  readonly selectPace: Pace;
}

// What looking at a bound and keeping a list cost, in elements.
const BOUND_ELEMENTS = 16;
const LIST_ELEMENTS = 64;
// Results read at once.
const OUT_BYTES = 8 * 2 ** 20;

/**
 * Exact k nearest columns of every row, on the chip: all pairs are measured in tiles, of which only a lower bound for each
 * group of columns is kept; groups whose bound is low enough are measured again, accurately, and the nearest are listed.
 *
 * @param scope frees the buffers
 * @param result rows × k, to be written
 */
export async function searchNeighbors(
  pairing: Pairing,
  question: SearchQuestion,
  scope: BufferScope,
  result: Neighbors,
  job: Job,
): Promise<void> {
  const search = await openSearch(pairing, question, scope, job);
  const { plan, lanes } = search;
  const { rowPieces, columnPieces, isBothWays } = plan;
  const sides = isBothWays ? pairing.columns.rows / 2 : pairing.columns.rows;
  const selects = columnPieces.reduce((sum, piece) => sum + search.selectElements(piece), 0);
  const total = pairing.rows.rows * (sides * lanes * 4 + selects + search.sortElements);
  let done = 0;
  const convoy = new Convoy(pairing.gpu.device, (elements) => {
    job.signal?.throwIfAborted();
    done += elements;
    job.onProgress?.(Math.min(Math.round(done), total), total, 'Finding neighbors');
  });
  job.signal?.throwIfAborted();
  for (const [i, rowPiece] of rowPieces.entries()) {
    for (const columnPiece of isBothWays ? columnPieces.slice(i) : columnPieces) {
      for (const step of search.bounds(rowPiece, columnPiece)) await convoy.add(step);
      for (const step of await search.select(rowPiece, columnPiece, false)) await convoy.add(step);
      if (!isBothWays || rowPiece === columnPiece) continue;
      for (const step of await search.select(columnPiece, rowPiece, true)) await convoy.add(step);
    }
    await search.finish(rowPiece, convoy, result);
  }
  await convoy.settle();
}

/** Kernels and buffers of one search, and the steps that use them. */
async function openSearch(pairing: Pairing, question: SearchQuestion, scope: BufferScope, job: Job) {
  const { gpu, metric, rows, columns, isSameSet, pace } = pairing;
  const { k, selectPace } = question;
  const { lanes } = rows;
  const { isFallback, limits } = gpu.adapter;
  const isMasked = question.allowed !== undefined;
  const tile = await tileOf(pairing, job);
  const { groupRows, groupColumns } = tile;
  const most = (limits.maxStorageBufferBindingSize ?? 2 ** 27) / 4;
  const plan = planSearch({
    ...{ rows, columns, isSameSet, k, tile },
    // A GPU wants more work at once than a software adapter does.
    maxBounds: Math.min(pairing.maxPairs * (isFallback ? 1 : 8), 0.9 * most),
    invocations: isFallback ? 64 : 16384,
  });
  const { isBothWays, parts } = plan;
  const kernels = await getSearchKernels(pairing, { isMasked, isBothWays, tile });
  const { boundDistances, selectNearest, sortNearest } = kernels;
  const tallest = Math.max(...plan.rowPieces.map((piece) => piece.rows));
  const batch = Math.min(tallest, Math.max(1, Math.floor(OUT_BYTES / (8 * k))));
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const ways = isBothWays && plan.rowPieces.length > 1 ? 2 : 1;
  const out = batch * k * 4;
  const [allowed, boundJob, selectJob, sortJob, bounds, distances, indices, readDistances, readIndices] =
    await Promise.all([
      uploadAllowed(gpu.device, columns, question.allowed, scope),
      scope.allocate('settings of bounds', boundDistances.uniformBytes, UNIFORM),
      scope.allocate('settings of a selection', selectNearest.uniformBytes, UNIFORM),
      scope.allocate('settings of a sort', sortNearest.uniformBytes, UNIFORM),
      scope.allocate('bounds of distances', ways * plan.bounds * 4, STORAGE),
      scope.allocate('nearest distances', out, STORAGE | COPY_SRC),
      scope.allocate('nearest indices', out, STORAGE | COPY_SRC),
      scope.allocate('nearest distances to read', out, MAP_READ | COPY_DST),
      scope.allocate('nearest indices to read', out, MAP_READ | COPY_DST),
    ]);
  const slack = slackOf(lanes);
  const enough = Math.ceil(1.5 * k) + 4;
  const sortElements = LIST_ELEMENTS * parts * k;
  /** Pieces that have lists, which are then not new. */
  const lists = new Map<Piece | null, GPUBuffer>();
  const begun = new Set<Piece>();

  async function listsOf(piece: Piece): Promise<GPUBuffer> {
    const key = isBothWays ? piece : null;
    const known = lists.get(key);
    if (known) return known;
    const queries = isBothWays ? piece.rows : tallest;
    const made = await scope.allocate('lists of the nearest', queries * parts * k * 8, STORAGE);
    lists.set(key, made);
    return made;
  }

  function selectElements({ rows: width }: Piece): number {
    const groups = columnGroups(width, tile);
    const measured = Math.min(enough * parts, groups) * (width / groups) * lanes * 4;
    return groups * BOUND_ELEMENTS + measured + LIST_ELEMENTS * k;
  }

  return {
    ...{ plan, lanes, sortElements, selectElements },

    *bounds(rowPiece: Piece, columnPiece: Piece): Generator<Step> {
      const isDiagonal = isBothWays && rowPiece === columnPiece;
      const rowStride = strideOf(rowPiece.rows);
      const columnStride = strideOf(columnPiece.rows);
      for (const strip of stripsOf(
        rowPiece.rows,
        columnPiece.rows,
        tile,
        isDiagonal,
        () => pace.budget / (lanes * 4),
      )) {
        yield {
          dispatch: {
            kernel: boundDistances,
            uniforms: boundJob,
            values: {
              rows: strip.rows,
              columns: strip.columns,
              firstRow: rowPiece.start + strip.firstRow,
              firstColumn: columnPiece.start + strip.firstColumn,
              lanes,
              slack,
              rowBoundsAt: columnGroups(strip.firstColumn, tile) * rowStride + strip.firstRow,
              rowStride,
              columnBoundsAt:
                (isDiagonal ? 0 : plan.bounds) +
                rowGroups(strip.firstRow, tile) * columnStride +
                strip.firstColumn,
              columnStride,
              isDiagonal: isDiagonal ? 1 : 0,
              rowsAllowedAt: allowed.wordOf(rowPiece.chunk),
              columnsAllowedAt: allowed.wordOf(columnPiece.chunk),
            },
            storage: {
              rowLanes: rowPiece.chunk.lanes,
              rowSides: rowPiece.chunk.sides,
              columnLanes: columnPiece.chunk.lanes,
              columnSides: columnPiece.chunk.sides,
              bounds,
              allowed: allowed.buffer,
            },
            workgroups: [Math.ceil(strip.columns / groupColumns), Math.ceil(strip.rows / groupRows)],
          },
          pace,
          elements: strip.pairs * lanes * 4,
        };
      }
    },

    /** @param isMirrored whether the queries are the columns of the tiles that were measured, and the base their rows */
    async select(queries: Piece, base: Piece, isMirrored: boolean): Promise<Iterable<Step>> {
      const buffer = await listsOf(queries);
      const isFirst = !begun.has(queries);
      begun.add(queries);
      const each = selectElements(base);
      const steps = function* (): Generator<Step> {
        let count = 0;
        for (let first = 0; first < queries.rows; first += count) {
          count = Math.min(queries.rows - first, Math.max(1, Math.floor(selectPace.budget / each)));
          yield {
            dispatch: {
              kernel: selectNearest,
              uniforms: selectJob,
              values: {
                ...{ queries: count, parts, k, enough, lanes, slack },
                firstRow: queries.start + first,
                rowsBefore: queries.chunk.first,
                firstColumn: base.start,
                columnsBefore: base.chunk.first,
                columns: base.rows,
                groups: isMirrored ? rowGroups(base.rows, tile) : columnGroups(base.rows, tile),
                boundsAt: (isMirrored ? plan.bounds : 0) + first,
                stride: strideOf(queries.rows),
                firstList: first * parts,
                isFirst: isFirst ? 1 : 0,
                isSameSet: isSameSet ? 1 : 0,
                leaveOutSelf: question.leaveOutSelf ? 1 : 0,
                allowedAt: allowed.wordOf(base.chunk),
              },
              storage: {
                rowLanes: queries.chunk.lanes,
                rowSides: queries.chunk.sides,
                columnLanes: base.chunk.lanes,
                columnSides: base.chunk.sides,
                bounds,
                allowed: allowed.buffer,
                lists: buffer,
              },
              workgroups: [Math.ceil((count * parts) / kernels.selectGroup)],
            },
            pace: selectPace,
            elements: count * each,
          };
        }
      };
      return steps();
    },

    /** Sorts the lists of a piece and writes them into the result. */
    async finish(piece: Piece, convoy: Convoy, result: Neighbors): Promise<void> {
      const buffer = await listsOf(piece);
      let count = 0;
      for (let first = 0; first < piece.rows; first += count) {
        const room = Math.max(1, Math.floor(selectPace.budget / sortElements));
        count = Math.min(piece.rows - first, batch, room);
        await convoy.add({
          dispatch: {
            kernel: sortNearest,
            uniforms: sortJob,
            values: {
              ...{ queries: count, parts, k },
              firstList: first * parts,
              isLargestNearest: metric.nearest === 'largest' ? 1 : 0,
            },
            storage: { lists: buffer, distancesOut: distances, indicesOut: indices },
            workgroups: [Math.ceil(count / SORT_GROUP)],
          },
          pace: selectPace,
          elements: count * sortElements,
        });
        const bytes = count * k * 4;
        await convoy.send([
          { from: distances, to: readDistances, bytes },
          { from: indices, to: readIndices, bytes },
        ]);
        const at = (piece.chunk.first + piece.start + first) * k;
        await Promise.all([
          readBuffer(readDistances, bytes, (memory) => result.distances.set(new Float32Array(memory), at)),
          readBuffer(readIndices, bytes, (memory) => result.indices.set(new Uint32Array(memory), at)),
        ]);
      }
    },
  };
}

// One query is the common case of a search by the user: a full tile would compute it eight times.
const ONE_ROW = directTile(1, 8, 1, 64);

async function tileOf(pairing: Pairing, job: Job): Promise<Tile> {
  const { gpu, kernel, rows, isSameSet, metric } = pairing;
  if (rows.rows === 1) return ONE_ROW;
  // Square tiles serve a set within itself both ways at once: half the work is worth more than the best tile.
  if (kernel === 'auto' && gpu.adapter.isFallback && isSameSet) return directTile(metric.tile, metric.tile);
  const chosen = await chooseTile(pairing, job);
  if (kernel !== 'auto' || !isSameSet || isSquare(chosen)) return chosen;
  const square = kernelCandidates(gpu).tried.find((tile) => tile.family === chosen.family && isSquare(tile));
  return square ?? chosen;
}

// Relative to what it sums, a chain of n additions of products is wrong by at most n roundings of 2^-24 (Higham 2002, §3.1);
// norms, the last steps and the accurate forms take some dozens more. Twice that costs nothing.
const OTHER_ROUNDINGS = 64;
const ROUNDING = 2 ** -23;

/** Bound of the error of a sum of a pair, as shaders/lib/metric-*.wgsl take it: a number at a time in blocks, then the blocks. */
function slackOf(lanes: number): number {
  // As in shaders/lib/sums.wgsl.
  const block = Math.max(16, (Math.floor(Math.sqrt(lanes) / 2) + 3) & ~3);
  const chain = 4 * Math.min(lanes, block) + Math.ceil(lanes / block);
  return (chain + OTHER_ROUNDINGS) * ROUNDING;
}
