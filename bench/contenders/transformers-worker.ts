/** The worker in which transformers.js runs, as our models run in one of theirs. Its page side is transformers.ts. */
import * as comlink from 'comlink';

/** What we use of transformers.js 4.3 (its transformers.d.ts). */
interface Transformers {
  readonly env: {
    allowLocalModels: boolean;
    allowRemoteModels: boolean;
    useBrowserCache: boolean;
    useWasmCache: boolean;
    localModelPath: string;
    fetch: typeof fetch;
    readonly backends: { readonly onnx: { readonly wasm: { wasmPaths: unknown; numThreads: number } } };
  };
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: readonly number[]) => PeerTensor;
  readonly CLIPVisionModelWithProjection: {
    from_pretrained(
      id: string,
      options: { readonly device: Device; readonly dtype: 'fp32'; readonly local_files_only: true },
    ): Promise<PeerModel>;
  };
}

interface PeerTensor {
  readonly data: Float32Array<ArrayBuffer>;
}

interface PeerModel {
  (inputs: Readonly<Record<string, PeerTensor>>): Promise<Readonly<Record<string, PeerTensor>>>;
  dispose(): Promise<unknown>;
}

type Device = 'wasm' | 'webgpu';

export interface PeerRequest {
  /** Where its module and the files of ONNX Runtime are served. */
  readonly url: string;
  readonly runtimeUrl: string;
  readonly device: Device;
  readonly threads: number;
  /** Takes `pixel_values`. */
  readonly onnx: Blob;
}

export interface TransformersWorker {
  open(request: PeerRequest): Promise<void>;
  /** @returns each output's values, by name */
  run(pixels: Float32Array, shape: readonly number[]): Promise<Readonly<Record<string, Float32Array>>>;
}

const ID = 'bench';
let library: Transformers | undefined;
let model: PeerModel | undefined;

const worker: TransformersWorker = {
  async open({ url, runtimeUrl, device, threads, onnx }) {
    const module: Transformers = await import(/* @vite-ignore */ url);
    library = module;
    const { env } = module;
    const files = new Map([
      // What the class is asked for by its file's name, whatever network is in it.
      [`/${ID}/onnx/vision_model.onnx`, onnx],
      [`/${ID}/config.json`, new Blob([JSON.stringify({ model_type: 'clip_vision_model' })])],
    ]);
    Object.assign(env, { allowLocalModels: true, allowRemoteModels: false, localModelPath: '/' });
    Object.assign(env, { useBrowserCache: false, useWasmCache: false });
    env.fetch = async (input, init) => {
      const { pathname } = new URL(String(input), location.href);
      const file = files.get(pathname);
      if (file) return new Response(file);
      return pathname.startsWith(`/${ID}/`) ? new Response(null, { status: 404 }) : fetch(input, init);
    };
    const { wasm } = env.backends.onnx;
    wasm.numThreads = threads;
    const runtime = `${runtimeUrl}ort-wasm-simd-threaded.asyncify`;
    wasm.wasmPaths = { mjs: `${runtime}.mjs`, wasm: `${runtime}.wasm` };
    const options = { device, dtype: 'fp32', local_files_only: true } as const;
    model = await module.CLIPVisionModelWithProjection.from_pretrained(ID, options);
  },

  async run(pixels, shape) {
    if (!library || !model) throw new Error('transformers.js is not open.');
    const outputs = await model({ pixel_values: new library.Tensor('float32', pixels, shape) });
    return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
  },
};

comlink.expose(worker);
