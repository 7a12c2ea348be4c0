import { type Job, orAborted } from '../common/job.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { BufferScope } from '../gpu/memory.ts';
import type { Metric } from './catalogue.ts';
import type { Storage } from './engine.ts';
import { recallTile, rememberTile } from './remembered-tiles.ts';
import { directTile, quadTile, type Tile, workgroupTile } from './tile.ts';
import { openTrial, type Trial } from './trial.ts';

/** What a choice of tile depends on. */
export interface Tunable {
  readonly gpu: Gpu;
  readonly metric: Metric;
  readonly storage: Storage;
  /** The name of a tile, or `auto` to measure which is fastest. */
  readonly kernel: string;
}

// Trials of one metric end after this: what is left untried then is slower than what the page would gain.
const MOST_TRIAL_MS = { hardware: 400, software: 200 };

const ROUNDS = 4;
// A later candidate must be this much faster: what differs less is noise, and a choice by noise would differ by device.
const CLEARLY = 0.95;

// The software adapter takes 0.1 to 0.3 s to compile a tile, and seconds where there is workgroup memory: it writes out every
// step of clearing it.
const SOFTWARE = [quadTile(16, 4), quadTile(16, 8), directTile(8, 8, 2, 2)];
// The likely best first: 8×8 pairs a thread are what lets workgroup memory keep up with NVIDIA's arithmetic; direct tiles
// are reported best on Apple's GPUs, and the small ones are for GPUs with few registers.
const HARDWARE = [
  workgroupTile(8, 8, 2, 1),
  workgroupTile(8, 4, 4, 1),
  workgroupTile(4, 4, 4, 1),
  directTile(4, 4),
  directTile(8, 8),
  workgroupTile(8, 8, 4, 1),
  workgroupTile(8, 8, 2, 2),
  workgroupTile(2, 2, 2, 1),
];

/**
 * The tiles that an adapter may be measured with, the likely fastest first. The software adapter is offered all that it
 * can run by name, but tries only those that it compiles in reasonable time.
 */
export function kernelCandidates(gpu: Gpu): {
  readonly tried: readonly Tile[];
  readonly all: readonly Tile[];
} {
  const canRun = ({ family, constants, workgroupBytes }: Tile) => {
    const { GROUP_ROWS = 1, GROUP_COLUMNS = 1 } = constants;
    const { limits, features } = gpu.device;
    return (
      workgroupBytes <= limits.maxComputeWorkgroupStorageSize &&
      GROUP_ROWS * GROUP_COLUMNS <= limits.maxComputeInvocationsPerWorkgroup &&
      (family !== 'quad' || features.has('subgroups'))
    );
  };
  const software = SOFTWARE.filter(canRun);
  const hardware = HARDWARE.filter(canRun);
  return { tried: gpu.adapter.isFallback ? software : hardware, all: [...software, ...hardware] };
}

const running = new WeakMap<GPUDevice, Map<string, Promise<Tile>>>();

/**
 * The tile to measure many rows with. The first time for an adapter and a metric, the candidates are timed, each for some
 * milliseconds; the fastest is kept for good.
 *
 * @throws {RangeError} when `kernel` names no tile that this adapter can run
 */
export async function chooseTile(tunable: Tunable, { signal }: Job = {}): Promise<Tile> {
  const { gpu, kernel } = tunable;
  const { tried, all } = kernelCandidates(gpu);
  if (kernel !== 'auto') {
    const asked = all.find(({ name }) => name === kernel);
    if (asked) return asked;
    const names = all.map(({ name }) => `"${name}"`).join(', ');
    throw new RangeError(`There is no kernel "${kernel}" on this adapter; there are "auto", ${names}.`);
  }
  const key = keyOf(tunable);
  const known = recallTile(key);
  const remembered = tried.find(({ name }) => name === known);
  if (remembered) return remembered;
  const [only, ...others] = tried;
  if (only && others.length === 0) return only;
  signal?.throwIfAborted();
  const trials = running.get(gpu.device) ?? new Map<string, Promise<Tile>>();
  running.set(gpu.device, trials);
  // Jobs that ask meanwhile share the trial; one that is cancelled leaves it to the others.
  const trial = trials.get(key) ?? tryTiles(tunable, tried);
  trials.set(key, trial);
  try {
    const fastest = await orAborted(trial, signal);
    rememberTile(key, fastest.name);
    return fastest;
  } finally {
    void trial.catch(() => undefined).finally(() => trials.delete(key));
  }
}

// These add up in the same way: one trial serves all three.
const PRODUCTS: ReadonlySet<string> = new Set(['dot', 'cosine', 'euclidean']);

function keyOf({ gpu, metric, storage }: Tunable): string {
  const { vendor, architecture, isFallback } = gpu.adapter;
  const kind = PRODUCTS.has(metric.id) ? 'products' : metric.id;
  return [vendor, architecture, isFallback ? 'software' : 'hardware', kind, storage].join(' ');
}

async function tryTiles(tunable: Tunable, tiles: readonly Tile[]): Promise<Tile> {
  const start = performance.now();
  const most = MOST_TRIAL_MS[tunable.gpu.adapter.isFallback ? 'software' : 'hardware'];
  const scope = new BufferScope(tunable.gpu.memory);
  const trials: { readonly trial: Trial; ms: number }[] = [];
  let failure: unknown;
  try {
    for (const tile of tiles) {
      if (trials.length > 0 && performance.now() - start > most) break;
      try {
        trials.push({ trial: await openTrial(tunable, tile, scope), ms: Infinity });
      } catch (error) {
        // A driver may refuse one tile and run the next.
        failure = error;
      }
    }
    // In turns, so that whatever else the machine does hits all alike.
    for (let round = 0; round < ROUNDS && trials.length > 1; round++) {
      if (round > 0 && performance.now() - start > 2 * most) break;
      for (const one of trials) one.ms = Math.min(one.ms, await one.trial.time());
    }
  } finally {
    scope.free();
  }
  const [first, ...others] = trials;
  if (!first) throw failure;
  let best = first;
  for (const one of others) if (one.ms < best.ms * CLEARLY) best = one;
  return best.trial.tile;
}
