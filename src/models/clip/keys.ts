/** How the tensors of a CLIP are named in the files that people share. */

import { type BlockKeys, linear } from '../transformer/keys.ts';

interface TowerKeys {
  readonly positions: string;
  readonly lastNorm: string;
  readonly projection: string;
  block(at: number): BlockKeys;
}

export interface ClipKeys {
  /** For messages. */
  readonly layout: string;
  readonly vision: TowerKeys & {
    readonly classToken: string;
    readonly patches: string;
    readonly firstNorm: string;
  };
  readonly text: TowerKeys & { readonly tokens: string };
  readonly logitScale: string;
  /** Projections lie as in × out, to be multiplied from the right; else as the weight of a linear layer, out × in. */
  readonly projectionsAreInByOut: boolean;
}

// Buffers that say nothing the configuration does not.
const IGNORED = /(^|\.)(position_ids|attn_mask|input_resolution|context_length|vocab_size)$/;

/** True for tensors that lie in some files and are of no use. */
export function isIgnored(name: string): boolean {
  return IGNORED.test(name);
}

/** The layout of the file with these names; undefined when it is none of a CLIP's. */
export function keysFor(names: { has(name: string): boolean }): ClipKeys | undefined {
  if (names.has('vision_model.embeddings.class_embedding')) return HUGGING_FACE;
  if (!names.has('visual.class_embedding')) return undefined;
  // Checkpoints of OpenCLIP's "custom text" models keep the text tower under a name of its own.
  return openClip(names.has('text.token_embedding.weight') ? 'text.' : '');
}

const HUGGING_FACE: ClipKeys = {
  layout: 'Hugging Face',
  vision: {
    classToken: 'vision_model.embeddings.class_embedding',
    patches: 'vision_model.embeddings.patch_embedding.weight',
    positions: 'vision_model.embeddings.position_embedding.weight',
    // Spelled so there.
    firstNorm: 'vision_model.pre_layrnorm',
    lastNorm: 'vision_model.post_layernorm',
    projection: 'visual_projection.weight',
    block: (at) => huggingFaceBlock(`vision_model.encoder.layers.${at}`),
  },
  text: {
    tokens: 'text_model.embeddings.token_embedding.weight',
    positions: 'text_model.embeddings.position_embedding.weight',
    lastNorm: 'text_model.final_layer_norm',
    projection: 'text_projection.weight',
    block: (at) => huggingFaceBlock(`text_model.encoder.layers.${at}`),
  },
  logitScale: 'logit_scale',
  projectionsAreInByOut: false,
};

function huggingFaceBlock(prefix: string): BlockKeys {
  return {
    attentionNorm: `${prefix}.layer_norm1`,
    qkv: linear(...['q', 'k', 'v'].map((part) => `${prefix}.self_attn.${part}_proj`)),
    merge: linear(`${prefix}.self_attn.out_proj`),
    mlpNorm: `${prefix}.layer_norm2`,
    widen: linear(`${prefix}.mlp.fc1`),
    narrow: linear(`${prefix}.mlp.fc2`),
  };
}

function openClip(text: string): ClipKeys {
  return {
    layout: 'OpenCLIP',
    vision: {
      classToken: 'visual.class_embedding',
      patches: 'visual.conv1.weight',
      positions: 'visual.positional_embedding',
      firstNorm: 'visual.ln_pre',
      lastNorm: 'visual.ln_post',
      projection: 'visual.proj',
      block: (at) => openClipBlock(`visual.transformer.resblocks.${at}`),
    },
    text: {
      tokens: `${text}token_embedding.weight`,
      positions: `${text}positional_embedding`,
      lastNorm: `${text}ln_final`,
      projection: `${text}text_projection`,
      block: (at) => openClipBlock(`${text}transformer.resblocks.${at}`),
    },
    logitScale: 'logit_scale',
    projectionsAreInByOut: true,
  };
}

function openClipBlock(prefix: string): BlockKeys {
  return {
    attentionNorm: `${prefix}.ln_1`,
    qkv: { weights: [`${prefix}.attn.in_proj_weight`], biases: [`${prefix}.attn.in_proj_bias`] },
    merge: linear(`${prefix}.attn.out_proj`),
    mlpNorm: `${prefix}.ln_2`,
    widen: linear(`${prefix}.mlp.c_fc`),
    narrow: linear(`${prefix}.mlp.c_proj`),
  };
}
