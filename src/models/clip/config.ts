import { z } from 'zod';
import { check } from '../check.ts';
import {
  checkHeads,
  checkPatch,
  epsilon,
  hiddenAct,
  layers,
  patchesAcross,
  size,
  square,
  type TowerConfig,
  towerOf,
  type VisionConfig,
} from '../transformer/config.ts';

export interface TextConfig extends TowerConfig {
  readonly vocabulary: number;
  /** Tokens a text may have, marks at its ends included. */
  readonly context: number;
  /** The id at whose first place a text is read off, or `largest`: at the first place of its largest id. */
  readonly end: number | 'largest';
}

export interface ClipConfig {
  /** Of the space that both towers are projected to. */
  readonly dimension: number;
  readonly vision: VisionConfig;
  readonly text: TextConfig;
}

// Transformers wrote 2 for years where it meant the largest id, and reads it so to this day.
const LEGACY_END = 2;

// Defaults are those of transformers' CLIPVisionConfig and CLIPTextConfig.
const visionSchema = z.looseObject({
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: layers.default(12),
  num_attention_heads: size.default(12),
  num_channels: z.literal(3).default(3),
  image_size: square.default(224),
  patch_size: square.default(32),
  hidden_act: hiddenAct.default('quick_gelu'),
  layer_norm_eps: epsilon.default(1e-5),
});

const textSchema = z.looseObject({
  vocab_size: size.default(49408),
  hidden_size: size.default(512),
  intermediate_size: size.default(2048),
  num_hidden_layers: layers.default(12),
  num_attention_heads: size.default(8),
  max_position_embeddings: size.default(77),
  hidden_act: hiddenAct.default('quick_gelu'),
  layer_norm_eps: epsilon.default(1e-5),
  eos_token_id: z.int().min(0).default(49407),
});

const table = z.looseObject({}).nullish();

const configSchema = z.looseObject({
  model_type: z.literal('clip').optional(),
  projection_dim: size.default(512),
  vision_config: table,
  vision_config_dict: table,
  text_config: table,
  text_config_dict: table,
});

/**
 * Reads the `config.json` of a CLIP in the layout of Hugging Face transformers, with transformers' defaults for what it leaves out.
 *
 * @param json parsed, and not trusted
 * @param file its name, for messages
 * @throws {InvalidModelFile} naming the setting that is wrong or not supported
 */
export function readConfig(json: unknown, file = 'config.json'): ClipConfig {
  const config = check(configSchema, json, file);
  const vision = check(
    visionSchema,
    merged(config.vision_config, config.vision_config_dict),
    file,
    'vision_config',
  );
  const text = check(textSchema, merged(config.text_config, config.text_config_dict), file, 'text_config');
  return checked(
    {
      dimension: config.projection_dim,
      vision: {
        ...towerOf(vision),
        size: vision.image_size,
        patch: vision.patch_size,
        channels: vision.num_channels,
      },
      text: {
        ...towerOf(text),
        vocabulary: text.vocab_size,
        context: text.max_position_embeddings,
        end: text.eos_token_id === LEGACY_END ? 'largest' : text.eos_token_id,
      },
    },
    file,
  );
}

const openVisionSchema = z.strictObject({
  image_size: square.default(224),
  layers: layers.default(12),
  width: size.default(768),
  head_width: size.default(64),
  mlp_ratio: z.number().positive().max(100).default(4),
  patch_size: square.default(16),
  patch_dropout: z.number().optional(),
});

const openTextSchema = z.strictObject({
  context_length: size.default(77),
  vocab_size: size.default(49408),
  width: size.default(512),
  heads: size.default(8),
  layers: layers.default(12),
  mlp_ratio: z.number().positive().max(100).default(4),
});

const openConfigSchema = z.looseObject({
  model_cfg: z.strictObject({
    embed_dim: size,
    quick_gelu: z.boolean().default(false),
    vision_cfg: openVisionSchema,
    text_cfg: openTextSchema,
  }),
});

/**
 * Reads the `open_clip_config.json` of a checkpoint in OpenCLIP's layout, with OpenCLIP's defaults for what it leaves out. Settings of
 * its other architectures are refused by name.
 *
 * @param json parsed, and not trusted
 * @throws {InvalidModelFile} naming the setting that is wrong or not supported
 */
export function readOpenClipConfig(json: unknown, file = 'open_clip_config.json'): ClipConfig {
  const { embed_dim, quick_gelu, vision_cfg, text_cfg } = check(openConfigSchema, json, file).model_cfg;
  const common = { activation: quick_gelu ? 'quick_gelu' : 'gelu', epsilon: 1e-5 } as const;
  return checked(
    {
      dimension: embed_dim,
      vision: {
        ...common,
        width: vision_cfg.width,
        heads: vision_cfg.width / vision_cfg.head_width,
        layers: vision_cfg.layers,
        inner: Math.floor(vision_cfg.width * vision_cfg.mlp_ratio),
        size: vision_cfg.image_size,
        patch: vision_cfg.patch_size,
        channels: 3,
      },
      text: {
        ...common,
        width: text_cfg.width,
        heads: text_cfg.heads,
        layers: text_cfg.layers,
        inner: Math.floor(text_cfg.width * text_cfg.mlp_ratio),
        vocabulary: text_cfg.vocab_size,
        context: text_cfg.context_length,
        end: 'largest',
      },
    },
    file,
  );
}

/** One for each patch, and the one that the picture is read off. */
export function tokensPerPicture(vision: VisionConfig): number {
  return patchesAcross(vision) ** 2 + 1;
}

// The older files have each table twice, and where they differ the second counts, its defaults included.
function merged(config: object | null | undefined, dict: object | null | undefined): object {
  return dict ?? config ?? {};
}

function checked(config: ClipConfig, file: string): ClipConfig {
  checkHeads(config.vision, file, 'vision ');
  checkHeads(config.text, file, 'text ');
  checkPatch(config.vision, file);
  return config;
}
