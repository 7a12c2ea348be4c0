import type { PicturePreparation, RgbaImage } from '../common/image.ts';
import type { Job } from '../common/job.ts';
import type { NotTaken } from './errors.ts';

/** A space that an embedder maps things into. `joint` holds pictures and words together. */
export type SpaceId = 'joint' | 'picture' | 'text';

export interface EmbedderInfo {
  /** Names the weights and the code that made an embedding: the cache key. Changes when either does. */
  readonly key: string;
  readonly name: string;
  readonly backend: 'webgpu' | 'wasm' | 'cpu';
  /** Threads of the wasm backend; 1 elsewhere. */
  readonly threads: number;
  /** What it makes vectors of. The other is refused with {@link NotTaken}. */
  readonly takes: { readonly pictures: boolean; readonly texts: boolean };
  /** Of the vectors in each space. A model of one kind of thing has it in `joint` too, alone there. */
  readonly dimensions: Readonly<Record<SpaceId, number>>;
  /** Of no meaning for a model that takes no pictures. */
  readonly preparation: PicturePreparation;
  /** What cosines in the joint space are divided by before a softmax, as the model learned it; undefined where it learned none. */
  readonly temperature?: number | undefined;
}

export interface PictureEmbedding {
  readonly joint: Float32Array<ArrayBuffer>;
  readonly picture: Float32Array<ArrayBuffer>;
  /** What the classifier sees, most probable first. */
  readonly guesses: readonly { readonly label: string; readonly probability: number }[];
}

export interface TextEmbedding {
  readonly joint: Float32Array<ArrayBuffer>;
  readonly text: Float32Array<ArrayBuffer>;
}

/** A model that makes vectors of pictures and words. Lives in a worker; every call keeps the page responsive. */
export interface Embedder {
  readonly info: EmbedderInfo;
  /** @param pictures squares as `info.preparation` says; their pixels are not kept */
  embedPictures(pictures: readonly RgbaImage[], job?: Job): Promise<PictureEmbedding[]>;
  embedTexts(texts: readonly string[], job?: Job): Promise<TextEmbedding[]>;
  dispose(): void;
}
