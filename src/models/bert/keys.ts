/** How the tensors of a BERT and its kin are named in the files that people share. */
import { type BlockKeys, linear } from '../transformer/keys.ts';
import type { BertType } from './config.ts';

export interface BertKeys {
  readonly words: string;
  readonly positions: string;
  readonly tokenTypes: string;
  readonly firstNorm: string;
  /** MPNet's table of attention by distance, buckets × heads. */
  readonly relativeBias: string;
  block(at: number): BlockKeys;
  /** True for tensors that lie in some files and are of no use. */
  isIgnored(name: string): boolean;
}

const WORDS = 'embeddings.word_embeddings.weight';

// What was trained on top of the network, and buffers that say nothing the configuration does not.
const HEADS =
  /^(cls|classifier|lm_head|pre_classifier|qa_outputs|vocab_transform|vocab_layer_norm|vocab_projector)\./;
const BUFFERS = /(^|\.)(position_ids|token_type_ids)$/;

/** The names in a file, which may all begin with that of the network; undefined when it is none of these. */
export function bertKeys(type: BertType, names: { has(name: string): boolean }): BertKeys | undefined {
  const prefix = ['', `${type === 'xlm-roberta' ? 'roberta' : type}.`].find((start) =>
    names.has(`${start}${WORDS}`),
  );
  if (prefix === undefined) return undefined;
  return {
    words: `${prefix}${WORDS}`,
    positions: `${prefix}embeddings.position_embeddings.weight`,
    tokenTypes: `${prefix}embeddings.token_type_embeddings.weight`,
    firstNorm: `${prefix}embeddings.LayerNorm`,
    relativeBias: `${prefix}encoder.relative_attention_bias.weight`,
    block: (at) => blockKeys(type, prefix, at),
    isIgnored: (name) => BUFFERS.test(name) || HEADS.test(name) || name.startsWith(`${prefix}pooler.`),
  };
}

function blockKeys(type: BertType, prefix: string, at: number): BlockKeys {
  if (type === 'distilbert') {
    const layer = `${prefix}transformer.layer.${at}`;
    return {
      attentionNorm: `${layer}.sa_layer_norm`,
      qkv: linear(...['q', 'k', 'v'].map((part) => `${layer}.attention.${part}_lin`)),
      merge: linear(`${layer}.attention.out_lin`),
      mlpNorm: `${layer}.output_layer_norm`,
      widen: linear(`${layer}.ffn.lin1`),
      narrow: linear(`${layer}.ffn.lin2`),
    };
  }
  const layer = `${prefix}encoder.layer.${at}`;
  const attention =
    type === 'mpnet'
      ? {
          attentionNorm: `${layer}.attention.LayerNorm`,
          qkv: linear(...['q', 'k', 'v'].map((part) => `${layer}.attention.attn.${part}`)),
          merge: linear(`${layer}.attention.attn.o`),
        }
      : {
          attentionNorm: `${layer}.attention.output.LayerNorm`,
          qkv: linear(...['query', 'key', 'value'].map((part) => `${layer}.attention.self.${part}`)),
          merge: linear(`${layer}.attention.output.dense`),
        };
  return {
    ...attention,
    mlpNorm: `${layer}.output.LayerNorm`,
    widen: linear(`${layer}.intermediate.dense`),
    narrow: linear(`${layer}.output.dense`),
  };
}
