/** How the tensors of a ViT and a DINOv2 are named in the files that people share. */
import { type BlockKeys, linear } from '../transformer/keys.ts';
import type { VitType } from './config.ts';

export interface VitKeys {
  readonly classToken: string;
  readonly registers: string;
  readonly positions: string;
  readonly patches: string;
  readonly patchBias: string;
  readonly lastNorm: string;
  block(at: number): BlockKeys;
  /** True for tensors that lie in some files and are of no use. */
  isIgnored(name: string): boolean;
}

const CLASS_TOKEN = 'embeddings.cls_token';

/** The names in a file, which may all begin with that of the network; undefined when it is none of these. */
export function vitKeys(
  type: VitType,
  isGated: boolean,
  names: { has(name: string): boolean },
): VitKeys | undefined {
  const prefix = ['', `${type}.`].find((start) => names.has(`${start}${CLASS_TOKEN}`));
  if (prefix === undefined) return undefined;
  const embeddings = `${prefix}embeddings`;
  // What was trained on top of the network, and what stood for hidden patches while it was trained.
  const unused = [`${embeddings}.mask_token`, `${prefix}pooler.`, 'classifier.'];
  return {
    classToken: `${prefix}${CLASS_TOKEN}`,
    registers: `${embeddings}.register_tokens`,
    positions: `${embeddings}.position_embeddings`,
    patches: `${embeddings}.patch_embeddings.projection.weight`,
    patchBias: `${embeddings}.patch_embeddings.projection.bias`,
    lastNorm: `${prefix}layernorm`,
    block: (at) => blockKeys(type, isGated, `${prefix}encoder.layer.${at}`),
    isIgnored: (name) => unused.some((start) => name.startsWith(start)),
  };
}

function blockKeys(type: VitType, isGated: boolean, layer: string): BlockKeys {
  const qkv = linear(...['query', 'key', 'value'].map((part) => `${layer}.attention.attention.${part}`));
  const merge = linear(`${layer}.attention.output.dense`);
  if (type === 'vit') {
    return {
      attentionNorm: `${layer}.layernorm_before`,
      qkv,
      merge,
      mlpNorm: `${layer}.layernorm_after`,
      widen: linear(`${layer}.intermediate.dense`),
      narrow: linear(`${layer}.output.dense`),
    };
  }
  return {
    attentionNorm: `${layer}.norm1`,
    qkv,
    merge: { ...merge, scale: `${layer}.layer_scale1.lambda1` },
    mlpNorm: `${layer}.norm2`,
    widen: linear(`${layer}.mlp.${isGated ? 'weights_in' : 'fc1'}`),
    narrow: {
      ...linear(`${layer}.mlp.${isGated ? 'weights_out' : 'fc2'}`),
      scale: `${layer}.layer_scale2.lambda1`,
    },
  };
}
