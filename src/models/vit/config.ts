import { z } from 'zod';
import { check } from '../check.ts';
import {
  checkHeads,
  checkPatch,
  epsilon,
  hiddenAct,
  layers,
  size,
  square,
  towerOf,
  type VisionConfig,
} from '../transformer/config.ts';

/** Vision transformers that stand alone, as `config.json` calls them. */
export const VIT_TYPES = ['vit', 'dinov2', 'dinov2_with_registers'] as const;
export type VitType = (typeof VIT_TYPES)[number];

/** `size` is that of the pictures which the position table is for. */
export interface VitConfig extends VisionConfig {
  readonly type: VitType;
  /** Tokens that are of no place. */
  readonly registers: number;
}

const common = {
  hidden_size: size.default(768),
  num_hidden_layers: layers.default(12),
  num_attention_heads: size.default(12),
  hidden_act: hiddenAct.default('gelu'),
  num_channels: z.literal(3).default(3),
  image_size: square.default(224),
  qkv_bias: z.literal(true).default(true),
};

// Defaults are those of transformers' ViTConfig, Dinov2Config and Dinov2WithRegistersConfig.
const plainSchema = z.looseObject({
  ...common,
  intermediate_size: size.default(3072),
  patch_size: square.default(16),
  layer_norm_eps: epsilon.default(1e-12),
});

const dinoSchema = z.looseObject({
  ...common,
  mlp_ratio: z.number().positive().max(100).default(4),
  use_swiglu_ffn: z.boolean().default(false),
  patch_size: square.optional(),
  layer_norm_eps: epsilon.default(1e-6),
  num_register_tokens: z.int().min(0).max(1000).default(4),
});

const DINO_PATCH = 14;
const REGISTERS_PATCH = 16;

/**
 * Reads the `config.json` of a ViT or a DINOv2, with transformers' defaults for what it leaves out.
 *
 * @param json parsed, and not trusted
 * @throws {InvalidModelFile} naming the setting that is wrong or not supported
 */
export function readVitConfig(json: unknown, file = 'config.json'): VitConfig {
  const { model_type: type } = check(z.looseObject({ model_type: z.enum(VIT_TYPES) }), json, file);
  const config = type === 'vit' ? readPlain(json, file) : readDino(json, type, file);
  checkHeads(config, file, '');
  checkPatch(config, file);
  return config;
}

function readPlain(json: unknown, file: string): VitConfig {
  const settings = check(plainSchema, json, file);
  const { image_size, patch_size, num_channels } = settings;
  return {
    ...towerOf(settings),
    type: 'vit',
    size: image_size,
    patch: patch_size,
    channels: num_channels,
    registers: 0,
  };
}

function readDino(json: unknown, type: Exclude<VitType, 'vit'>, file: string): VitConfig {
  const settings = check(dinoSchema, json, file);
  const inner = Math.floor(settings.hidden_size * settings.mlp_ratio);
  const hasRegisters = type === 'dinov2_with_registers';
  return {
    ...towerOf({ ...settings, intermediate_size: inner }),
    ...(settings.use_swiglu_ffn ? { inner: gatedInner(inner), activation: 'swiglu' } : {}),
    type,
    size: settings.image_size,
    patch: settings.patch_size ?? (hasRegisters ? REGISTERS_PATCH : DINO_PATCH),
    channels: settings.num_channels,
    registers: hasRegisters ? settings.num_register_tokens : 0,
  };
}

/** Two thirds, so that with its gate the layer has as many weights as without; in steps of 8. */
function gatedInner(inner: number): number {
  return Math.ceil(Math.floor((inner * 2) / 3) / 8) * 8;
}
