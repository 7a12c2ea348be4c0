/** What a kind of network is to the rest of Nearfield. The kinds there are stand in architectures.ts. */
import type { RgbaImage } from '../common/image.ts';
import type { Job } from '../common/job.ts';
import type { StartedBackend } from './backend.ts';
import type { EmbedderInfo, PictureEmbedding, TextEmbedding } from './embedder.ts';
import type { Checkpoint } from './weights/checkpoint.ts';

/** A network that is loaded and computes, in its worker. What it does not take, it has no methods for; `info.takes` says the same. */
export interface Network {
  readonly info: EmbedderInfo;
  /** True where loading ran it once, so that what cannot be run is known by now. */
  readonly isTried?: true;
  /** One batch. @param batch as `info.preparation` says */
  pictures?(batch: readonly RgbaImage[]): Promise<PictureEmbedding[]>;
  /** A text's token ids, its marks at both ends included, cut to what the network reads. */
  tokenize?(text: string): number[];
  /** One batch of texts of like length, as `tokenize` gives them. */
  texts?(batch: readonly (readonly number[])[]): Promise<TextEmbedding[]>;
  /** Frees its tensors. */
  dispose(): void;
}

/** The files of one stored model, read where they are asked for. */
export interface ModelFolder {
  /** Names these files and the code that runs them: what embeddings are cached under. */
  readonly key: string;
  readonly name: string;
  readonly paths: readonly string[];
  file(path: string): Blob | undefined;
  /** Parsed, and not trusted; undefined where there is no such file. @throws {InvalidModelFile} when it is not JSON; {StoreFault} when it cannot be read */
  json(path: string): Promise<unknown>;
  /** The safetensors among them. @throws {InvalidWeights} when there are none, or parts are missing */
  checkpoint(): Promise<Checkpoint>;
  /** What the weights are called in messages. */
  readonly weightsFile: string;
}

/** What a model is recognized by, before anything large of it is read. */
export interface ModelSigns {
  readonly paths: readonly string[];
  /** Its `config.json`, else its `open_clip_config.json`; empty where it has neither. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A file that some networks cannot do without. */
export type NeededFile = 'tokenizer.json' | 'preprocessor_config.json';

/** A kind of network that stored models can be of. */
export interface Architecture {
  /** For messages, in the plural: what a person would look for on the hub. */
  readonly name: string;
  recognizes(signs: ModelSigns): boolean;
  /** What a model takes; undefined, or none, for both pictures and texts. */
  takes?(signs: ModelSigns): 'pictures' | 'texts' | undefined;
  /** Files that it cannot do without, beside its weights and what says which network it is. */
  readonly needs: readonly NeededFile[];
  /** The code of the network, in a chunk of its own. */
  load(): Promise<LoadNetwork>;
}

/**
 * Builds a network from its files on the backend that is started. Progress counts what is read.
 *
 * @throws {InvalidModelFile | InvalidWeights} naming the file and what in it does not fit; the signal's reason
 */
export type LoadNetwork = (folder: ModelFolder, started: StartedBackend, job: Job) => Promise<Network>;
