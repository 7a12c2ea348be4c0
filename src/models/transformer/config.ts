/** What the configurations of all transformers have in common. */
import { z } from 'zod';
import { InvalidModelFile } from '../errors.ts';
import { ACTIVATIONS, type Activation } from './activations.ts';

/** The shape of one transformer. */
export interface TowerConfig {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** Width of the hidden layer between the two linear ones of a block, behind the activation. */
  readonly inner: number;
  readonly activation: Activation;
  /** Added to the variance in layer norms. */
  readonly epsilon: number;
  /** Norms follow the sum with what a layer read, as in the first transformers; else they come before the layer. */
  readonly normsAfter?: boolean | undefined;
}

/** Of a transformer that reads pictures. */
export interface VisionConfig extends TowerConfig {
  /** Side of the square picture, in pixels. */
  readonly size: number;
  /** Side of a patch, in pixels; divides what part of `size` it can, the rest is not seen. */
  readonly patch: number;
  readonly channels: number;
}

/** Patches along a side of the picture. */
export function patchesAcross({ size, patch }: Pick<VisionConfig, 'size' | 'patch'>): number {
  return Math.floor(size / patch);
}

/** What the first linear layer of a block makes of each row. */
export function widened({ inner, activation }: Pick<TowerConfig, 'inner' | 'activation'>): number {
  return activation === 'swiglu' ? 2 * inner : inner;
}

// Far beyond any model, and small enough that a hostile file cannot ask for memory without end.
export const size = z.int().min(1).max(1_000_000);
export const layers = z.int().min(1).max(200);
export const epsilon = z.number().positive().max(1);
export const square = z
  .union([size, z.tuple([size, size])])
  .refine((side) => typeof side === 'number' || side[0] === side[1], 'pictures and patches must be square')
  .transform((side) => (typeof side === 'number' ? side : side[0]));
export const hiddenAct = z.enum(ACTIVATIONS);

/** Settings as transformers names them. */
interface TowerSettings {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly hidden_act: Activation;
  readonly layer_norm_eps: number;
}

export function towerOf(settings: TowerSettings): TowerConfig {
  return {
    width: settings.hidden_size,
    heads: settings.num_attention_heads,
    layers: settings.num_hidden_layers,
    inner: settings.intermediate_size,
    activation: settings.hidden_act,
    epsilon: settings.layer_norm_eps,
  };
}

/**
 * @param what comes before "width" in the message
 * @throws {InvalidModelFile} when the width cannot be cut into the heads
 */
export function checkHeads({ width, heads }: TowerConfig, file: string, what: string): void {
  if (!Number.isInteger(heads) || width % heads !== 0)
    throw new InvalidModelFile(file, `the ${what}width, ${width}, cannot be cut into ${heads} heads`);
}

/** @throws {InvalidModelFile} when not even one patch fits the picture */
export function checkPatch({ size, patch }: Pick<VisionConfig, 'size' | 'patch'>, file: string): void {
  if (patch > size)
    throw new InvalidModelFile(file, `a patch of ${patch} pixels is larger than the picture (${size})`);
}
