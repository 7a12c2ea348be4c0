import type { RgbaImage } from '../../src/common/image.ts';
import type { Embedder, PictureEmbedding } from '../../src/models/embedder.ts';
import { openEmbedder } from '../../src/models/open-embedder.ts';
import { openInWorker } from '../../src/models/worker-embedder.ts';
import { openTransformers, type Pixels } from '../contenders/transformers.ts';
import { type Contender, type Measured, measureInTurns, type Verdict } from '../measure.ts';
import { visionOnnx } from '../models/clip-onnx.ts';
import { efficientNetOnnx } from '../models/efficientnet-onnx.ts';
import { randomPictures } from '../models/pictures.ts';
import { checkpointFiles, randomTensors } from '../models/random-clip.ts';
import type { Stage, Task } from '../task.ts';

/** A batch of our worker. */
const PICTURES = 8;
// What a software adapter gets of them: it is there so that tests run the real shaders.
const PICTURES_IN_SOFTWARE = 1;
const TURNS = 5;
const TURNS_IN_SOFTWARE = 1;
// Of a component of a row of length 1.
const TOLERANCE = 1e-4;
const MODELS = '/models/';
// OpenAI's, of bytes.
const CLIP_PIXELS: Pixels = {
  mean: [0.48145466, 0.4578275, 0.40821073].map((value) => 255 * value),
  deviation: [0.26862954, 0.26130258, 0.27577711].map((value) => 255 * value),
};

interface Backend {
  readonly backend: 'wasm' | 'webgpu';
  readonly threads: number;
}

interface Case extends Backend {
  readonly pictures: readonly RgbaImage[];
  readonly repetitions: number;
}

/** A model that is measured: how we open it, and what a peer runs of it. */
interface Model {
  open(on: Backend): Promise<Embedder>;
  vectorOf(embedding: PictureEmbedding): Float32Array;
  peer(count: number): Promise<{ readonly onnx: Blob; readonly pixels: Pixels; readonly output: string }>;
}

export const embedEmbedded: Task = {
  id: 'embed-embedded',
  title: 'Pictures by the embedded model, 224 × 224',
  work: { amount: PICTURES, unit: 'pictures/s' },
  note: 'transformers.js runs the same network, EfficientNet-Lite0, with the same weights. What of it becomes a joint vector is in our time only.',
  measure: (stage) =>
    measureModel(stage, {
      open: ({ backend, threads }) => openEmbedder({ backend, threads, baseUrl: MODELS }),
      vectorOf: ({ picture }) => picture,
      async peer(count) {
        const { file, scale } = await efficientNetOnnx(new URL(MODELS, location.href).href, count);
        const thrice = (value: number) => [value, value, value];
        const pixels = { mean: thrice(scale.mean), deviation: thrice(scale.deviation) };
        return { onnx: file, pixels, output: 'features' };
      },
    }),
};

export const embedClip: Task = {
  id: 'embed-clip',
  title: 'Pictures by a CLIP of the shapes of TinyCLIP-ViT-8M-16, random weights, 224 × 224',
  work: { amount: PICTURES, unit: 'pictures/s' },
  note: 'transformers.js runs the same weights.',
  async measure(stage) {
    const tensors = randomTensors();
    const files = await checkpointFiles(tensors);
    const request = { kind: 'stored', key: 'random-clip', name: 'Random CLIP', files } as const;
    return measureModel(stage, {
      open: ({ backend, threads }) => openInWorker(request, { backend, threads }, {}),
      vectorOf: ({ joint }) => joint,
      peer: async (count) => ({
        onnx: visionOnnx(tensors, count),
        pixels: CLIP_PIXELS,
        output: 'image_embeds',
      }),
    });
  },
};

/** Ours and the peer's in turns; all are held to what the first gave, which the tests hold to PyTorch's. */
async function measureModel(stage: Stage, model: Model): Promise<Measured[]> {
  const pictures = randomPictures(PICTURES);
  const isSoftware = stage.gpu?.adapter.isFallback ?? true;
  const whole = { pictures, repetitions: TURNS };
  const wasm = [...new Set([navigator.hardwareConcurrency, 1])].map(
    (threads): Case => ({ ...whole, backend: 'wasm', threads }),
  );
  const little = { pictures: pictures.slice(0, PICTURES_IN_SOFTWARE), repetitions: TURNS_IN_SOFTWARE };
  const webgpu: Case = { ...(isSoftware ? little : whole), backend: 'webgpu', threads: 1 };
  // What the app would choose comes first, for the others are compared with it.
  const cases = !stage.gpu ? wasm : isSoftware ? [...wasm, webgpu] : [webgpu, ...wasm];
  const peer = await stage.findPeer('transformers');
  const contenders = cases.flatMap((one) => [
    ourContender(model, one),
    ...(peer === null ? [] : [peerContender(model, peer, one)]),
  ]);
  let expected: readonly Float32Array[] | undefined;
  return measureInTurns(
    contenders,
    (rows) => {
      expected ??= rows;
      return expected === rows ? { isRight: true, says: 'compared with' } : judgeRows(rows, expected);
    },
    TURNS,
  );
}

function ourContender(model: Model, one: Case): Contender<readonly Float32Array[]> {
  let embedder: Embedder | undefined;
  return {
    ...said('Nearfield', one),
    async ready() {
      embedder ??= await model.open(one);
    },
    run: async () => ((await embedder?.embedPictures(one.pictures)) ?? []).map(model.vectorOf),
    close: () => embedder?.dispose(),
  };
}

function peerContender(model: Model, path: string, one: Case): Contender<readonly Float32Array[]> {
  const { backend: device, threads, pictures } = one;
  let opened: { run(): Promise<readonly Float32Array[]>; close(): void } | undefined;
  return {
    ...said('transformers.js', one),
    async ready() {
      if (opened) return;
      const { onnx, pixels, output } = await model.peer(pictures.length);
      const runtimeUrl = new URL('../../../onnxruntime-web/dist/', new URL(path, location.href)).href;
      const peer = await openTransformers({ url: path, runtimeUrl, device, threads, onnx }, pixels);
      opened = { run: () => peer.run(pictures, output), close: peer.close };
    },
    run: async () => (await opened?.run()) ?? [],
    close: () => opened?.close(),
  };
}

function said(who: string, { backend, threads, pictures, repetitions }: Case) {
  const onWasm = `wasm, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
  const part = pictures.length < PICTURES ? `, ${pictures.length} of the ${PICTURES} pictures` : '';
  return {
    name: `${who}, ${backend === 'wasm' ? onWasm : `WebGPU${part}`}`,
    share: pictures.length / PICTURES,
    repetitions,
  };
}

/** The largest difference of a component, rows brought to length 1. */
function judgeRows(rows: readonly Float32Array[], expected: readonly Float32Array[]): Verdict {
  let worst = rows.length > 0 ? 0 : Number.POSITIVE_INFINITY;
  for (const [at, row] of rows.entries()) {
    const truth = expected[at] ?? new Float32Array(row.length);
    const [length, wanted] = [Math.hypot(...row), Math.hypot(...truth)];
    for (const [i, value] of row.entries())
      worst = Math.max(worst, Math.abs(value / length - (truth[i] ?? Number.NaN) / wanted));
  }
  return { isRight: worst <= TOLERANCE, says: `differs by up to ${worst.toExponential(0)}` };
}
