/** A CLIP of the shapes of TinyCLIP-ViT-8M-16-Text-3M with random weights: as fast as the real one, and nothing to download. */
import { type NewTensor, writeSafetensors } from '../../src/models/weights/write.ts';
import { randomSet } from '../data.mjs';

export interface RandomTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

export interface Tower {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

export const SIZE = 224;
export const PATCH = 16;
export const DIMENSION = 512;
export const VISION: Tower = { width: 256, layers: 10, heads: 4 };
export const TEXT: Tower = { width: 256, layers: 3, heads: 4 };
export const CONTEXT = 77;
const VOCABULARY = 49_408;
export const PLACES = (SIZE / PATCH) ** 2 + 1;

// The tokenizer of the tests, which is as CLIP's is with fewer merges; its last id ends a text.
const TOKENIZER = '/test/fixtures/clip/hf-quick-gelu/tokenizer.json';
const END = 613;

/** By the names in a checkpoint of transformers, the same every time. */
export function randomTensors(): ReadonlyMap<string, RandomTensor> {
  const tensors = new Map<string, RandomTensor>();
  const add = (name: string, shape: readonly number[], scale: number, center = 0) => {
    const values = randomSet(
      1,
      shape.reduce((size, side) => size * side, 1),
      tensors.size + 1,
    ).vectors;
    // Even numbers in [−½, ½) deviate by 1/√12.
    for (let at = 0; at < values.length; at++)
      values[at] = (values[at] ?? 0) * scale * Math.sqrt(12) + center;
    tensors.set(name, { shape, values });
  };
  const linear = (prefix: string, inputs: number, outputs: number) => {
    add(`${prefix}.weight`, [outputs, inputs], 1.3 / Math.sqrt(inputs));
    add(`${prefix}.bias`, [outputs], 0.2);
  };
  const norm = (prefix: string, width: number) => {
    add(`${prefix}.weight`, [width], 0.2, 1);
    add(`${prefix}.bias`, [width], 0.2);
  };
  const tower = (prefix: string, { width, layers }: Tower) => {
    for (let at = 0; at < layers; at++) {
      const layer = `${prefix}.encoder.layers.${at}`;
      for (const part of ['q', 'k', 'v', 'out']) linear(`${layer}.self_attn.${part}_proj`, width, width);
      norm(`${layer}.layer_norm1`, width);
      norm(`${layer}.layer_norm2`, width);
      linear(`${layer}.mlp.fc1`, width, 4 * width);
      linear(`${layer}.mlp.fc2`, 4 * width, width);
    }
  };
  const vision = 'vision_model';
  add(`${vision}.embeddings.class_embedding`, [VISION.width], 0.6);
  add(
    `${vision}.embeddings.patch_embedding.weight`,
    [VISION.width, 3, PATCH, PATCH],
    1 / (Math.sqrt(3) * PATCH),
  );
  add(`${vision}.embeddings.position_embedding.weight`, [PLACES, VISION.width], 0.6);
  norm(`${vision}.pre_layrnorm`, VISION.width);
  tower(vision, VISION);
  norm(`${vision}.post_layernorm`, VISION.width);
  const text = 'text_model';
  add(`${text}.embeddings.token_embedding.weight`, [VOCABULARY, TEXT.width], 0.6);
  add(`${text}.embeddings.position_embedding.weight`, [CONTEXT, TEXT.width], 0.6);
  tower(text, TEXT);
  norm(`${text}.final_layer_norm`, TEXT.width);
  add('visual_projection.weight', [DIMENSION, VISION.width], 1 / Math.sqrt(VISION.width));
  add('text_projection.weight', [DIMENSION, TEXT.width], 1 / Math.sqrt(TEXT.width));
  add('logit_scale', [], 0, Math.log(100));
  return tensors;
}

/** The files of the checkpoint, as a stored model has them. */
export async function checkpointFiles(
  tensors: ReadonlyMap<string, RandomTensor>,
): Promise<ReadonlyMap<string, Blob>> {
  const entries = [...tensors].map(
    ([name, { shape, values }]): NewTensor => ({
      name,
      dtype: 'F32',
      shape,
      bytes: async () => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    }),
  );
  const weights: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeSafetensors(entries)) weights.push(piece);
  const tower = ({ width, layers, heads }: Tower) => ({
    hidden_size: width,
    intermediate_size: 4 * width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    hidden_act: 'quick_gelu',
  });
  const config = {
    model_type: 'clip',
    projection_dim: DIMENSION,
    vision_config: { ...tower(VISION), image_size: SIZE, patch_size: PATCH },
    text_config: {
      ...tower(TEXT),
      vocab_size: VOCABULARY,
      max_position_embeddings: CONTEXT,
      eos_token_id: END,
    },
  };
  const tokenizer = await fetch(TOKENIZER);
  return new Map([
    ['config.json', new Blob([JSON.stringify(config)])],
    ['tokenizer.json', await tokenizer.blob()],
    ['model.safetensors', new Blob(weights)],
  ]);
}
