import similarityWgsl from '../../shaders/similarity.wgsl?raw';
import type { Job } from '../common/job.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { getKernel, type Kernel } from '../gpu/kernel.ts';
import type { GpuMatrix, MatrixChunk } from '../gpu/matrix.ts';
import { BufferScope } from '../gpu/memory.ts';
import type { Pace } from '../gpu/pace.ts';
import { composeShader } from '../gpu/shader.ts';
import { type Dispatch, readBuffer, submit } from '../gpu/submit.ts';
import { UNIFORM } from './distances.ts';
import type { Similarity } from './engine.ts';

const TILE = 4;
const SHADER = composeShader('shaders/similarity.wgsl', [similarityWgsl], {
  TILE_PICTURES: TILE,
  TILE_LABELS: TILE,
});
const ENTRY_POINTS = ['measureCosines', 'overLabels', 'sumParts', 'sumLabels', 'overPictures'] as const;
// As in the shader.
const PART_ROWS = 256;
// A vec3f of an array takes 16 bytes.
const PART_BYTES = 16;

/** Pictures and labels on the GPU, as rows split into a coarse part and the rest. */
export interface SimilarityPairing {
  readonly gpu: Gpu;
  readonly pictures: GpuMatrix;
  readonly labels: GpuMatrix;
  readonly scale: number;
  readonly pace: Pace;
  /** At most this many pairs in one block. */
  readonly maxPairs: number;
}

/**
 * CLIP-style similarity: logits and both softmaxes. The cosines stay on the GPU (8 bytes a pair) between the first pass,
 * which also sums over pictures, and the second, which needs those sums.
 */
export async function computeSimilarity(pairing: SimilarityPairing, job: Job = {}): Promise<Similarity> {
  const { gpu, pictures, labels } = pairing;
  const pairs = pictures.rows * labels.rows;
  const result: Similarity = {
    logits: new Float32Array(pairs),
    overLabels: new Float32Array(pairs),
    overPictures: new Float32Array(pairs),
  };
  if (pairs === 0) return result;
  const scope = new BufferScope(gpu.memory);
  try {
    const blocks = await allocateBlocks(pairing, scope);
    const tools = await openTools(pairing, scope);
    let done = 0;
    const advance = () => job.onProgress?.(++done, 2 * blocks.length, 'Comparing pictures and labels');
    for (const block of blocks) {
      job.signal?.throwIfAborted();
      await measureBlock(pairing, tools, block, block === blocks[0], result, job);
      advance();
    }
    for (const block of blocks) {
      job.signal?.throwIfAborted();
      await normalizeBlock(pairing, tools, block, result);
      advance();
    }
    return result;
  } finally {
    scope.free();
  }
}

interface Block {
  readonly chunk: MatrixChunk;
  readonly first: number;
  readonly rows: number;
  readonly cosines: GPUBuffer;
}

/** Whole parts, so that what is summed with what does not depend on the pace: the same input gives the same bits. */
function mostRows({ labels, maxPairs }: SimilarityPairing): number {
  return Math.max(1, Math.floor(maxPairs / labels.rows / PART_ROWS)) * PART_ROWS;
}

async function allocateBlocks(pairing: SimilarityPairing, scope: BufferScope): Promise<Block[]> {
  const { pictures, labels } = pairing;
  const most = mostRows(pairing);
  const blocks: Block[] = [];
  for (const chunk of pictures.chunks) {
    for (let first = 0; first < chunk.rows; first += most) {
      const rows = Math.min(most, chunk.rows - first);
      const cosines = await scope.allocate(
        'cosines of pictures and labels',
        rows * labels.rows * 8,
        GPUBufferUsage.STORAGE,
      );
      blocks.push({ chunk, first, rows, cosines });
    }
  }
  return blocks;
}

type Tools = Awaited<ReturnType<typeof openTools>>;

async function openTools(pairing: SimilarityPairing, scope: BufferScope) {
  const { gpu, pictures, labels } = pairing;
  const rows = Math.min(mostRows(pairing), pictures.rows);
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const bytes = rows * labels.rows * 4;
  const [logits, probabilities, readLogits, readProbabilities, parts, totals] = await Promise.all([
    scope.allocate('a block of logits', bytes, STORAGE | COPY_SRC),
    scope.allocate('a block of probabilities', bytes, STORAGE | COPY_SRC),
    scope.allocate('a block of logits to read', bytes, MAP_READ | COPY_DST),
    scope.allocate('a block of probabilities to read', bytes, MAP_READ | COPY_DST),
    scope.allocate('sums of parts', Math.ceil(rows / PART_ROWS) * labels.rows * PART_BYTES, STORAGE),
    scope.allocate('sums of labels', labels.rows * PART_BYTES, STORAGE),
  ]);
  const kernels = new Map<string, { kernel: Kernel; uniforms: GPUBuffer }>();
  for (const entryPoint of ENTRY_POINTS) {
    const kernel = await getKernel(gpu.device, SHADER, entryPoint);
    const uniforms = await scope.allocate(`settings of ${entryPoint}`, kernel.uniformBytes, UNIFORM);
    kernels.set(entryPoint, { kernel, uniforms });
  }
  return { kernels, logits, probabilities, readLogits, readProbabilities, parts, totals };
}

function dispatch(
  tools: Tools,
  entryPoint: (typeof ENTRY_POINTS)[number],
  rest: Pick<Dispatch, 'values' | 'storage' | 'workgroups'>,
): Dispatch {
  const tool = tools.kernels.get(entryPoint);
  if (!tool) throw new RangeError(`${SHADER.name} has no entry point ${entryPoint}`);
  return { ...tool, ...rest };
}

function settings({ pictures, labels, scale }: SimilarityPairing, block: Block): Record<string, number> {
  return {
    pictures: block.rows,
    labels: labels.rows,
    firstPicture: block.first,
    lanes: pictures.lanes / 2,
    scale,
  };
}

/** Logits and softmax over labels of one block, and its share of the sums over pictures. */
async function measureBlock(
  pairing: SimilarityPairing,
  tools: Tools,
  block: Block,
  isFirst: boolean,
  result: Similarity,
  job: Job,
): Promise<void> {
  const { gpu, labels, pictures, pace } = pairing;
  const { device } = gpu;
  const { cosines, rows } = block;
  const values = { ...settings(pairing, block), isFirst: isFirst ? 1 : 0 };
  for (const chunk of labels.chunks) {
    let count = 0;
    for (let first = 0; first < chunk.rows; first += count) {
      job.signal?.throwIfAborted();
      const room = Math.floor(pace.budget / (rows * pictures.lanes * 4));
      count = Math.min(chunk.rows - first, Math.max(TILE, room));
      const measure = dispatch(tools, 'measureCosines', {
        values: { ...values, firstLabel: first, someLabels: count, labelsBefore: chunk.first + first },
        storage: { pictureLanes: block.chunk.lanes, labelLanes: chunk.lanes, cosines },
        workgroups: [Math.ceil(rows / (64 * TILE)), Math.ceil(count / TILE)],
      });
      const start = performance.now();
      await submit(device, [measure]);
      pace.record(rows * count * pictures.lanes * 4, performance.now() - start);
    }
  }
  const { logits, probabilities, parts, totals } = tools;
  const bytes = rows * labels.rows * 4;
  await submit(
    device,
    [
      dispatch(tools, 'overLabels', {
        values,
        storage: { cosines, logitsOut: logits, probabilitiesOut: probabilities },
        workgroups: [Math.ceil(rows / 64)],
      }),
      dispatch(tools, 'sumParts', {
        values,
        storage: { cosines, parts },
        workgroups: [Math.ceil(labels.rows / 8), Math.ceil(Math.ceil(rows / PART_ROWS) / 8)],
      }),
      dispatch(tools, 'sumLabels', {
        values,
        storage: { parts, totals },
        workgroups: [Math.ceil(labels.rows / 64)],
      }),
    ],
    [
      { from: logits, to: tools.readLogits, bytes },
      { from: probabilities, to: tools.readProbabilities, bytes },
    ],
  );
  await Promise.all([
    keep(tools.readLogits, block, labels.rows, result.logits),
    keep(tools.readProbabilities, block, labels.rows, result.overLabels),
  ]);
}

/** Softmax over pictures of one block, by the sums of all. */
async function normalizeBlock(
  pairing: SimilarityPairing,
  tools: Tools,
  block: Block,
  result: Similarity,
): Promise<void> {
  const { gpu, labels } = pairing;
  const { probabilities, readProbabilities, totals } = tools;
  const normalize = dispatch(tools, 'overPictures', {
    values: settings(pairing, block),
    storage: { cosines: block.cosines, totals, probabilitiesOut: probabilities },
    workgroups: [Math.ceil(labels.rows / 8), Math.ceil(block.rows / 8)],
  });
  const bytes = block.rows * labels.rows * 4;
  await submit(gpu.device, [normalize], [{ from: probabilities, to: readProbabilities, bytes }]);
  await keep(readProbabilities, block, labels.rows, result.overPictures);
}

function keep(
  buffer: GPUBuffer,
  block: Block,
  labels: number,
  out: Float32Array<ArrayBuffer>,
): Promise<void> {
  const offset = (block.chunk.first + block.first) * labels;
  return readBuffer(buffer, block.rows * labels * 4, (memory) => out.set(new Float32Array(memory), offset));
}
