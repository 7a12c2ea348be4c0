import { z } from 'zod';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';
import {
  checkHeads,
  epsilon,
  hiddenAct,
  layers,
  size,
  type TowerConfig,
  towerOf,
} from '../transformer/config.ts';

/** Networks in the layout of BERT: what is different about them is in this file, keys.ts and relative-bias.ts. */
export const BERT_TYPES = ['bert', 'roberta', 'xlm-roberta', 'mpnet', 'distilbert'] as const;
export type BertType = (typeof BERT_TYPES)[number];

/** Of BERT (Devlin et al. 2019) or one of its kin. */
export interface BertConfig extends TowerConfig {
  readonly type: BertType;
  readonly vocabulary: number;
  /** Rows of the position table. */
  readonly positions: number;
  /** The one that a text's first token has. */
  readonly firstPosition: number;
  /** Rows of the table of token types, of which the first is used; 0 where there is none. */
  readonly tokenTypes: number;
}

const common = {
  vocab_size: size.default(30522),
  max_position_embeddings: size.default(512),
};

// Defaults are those of transformers' BertConfig, which its kin share but for what the files always state.
const schema = z.looseObject({
  ...common,
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: layers.default(12),
  num_attention_heads: size.default(12),
  hidden_act: hiddenAct.default('gelu'),
  layer_norm_eps: epsilon.default(1e-12),
  type_vocab_size: size.default(2),
  pad_token_id: z.int().min(0).max(1000).nullish(),
  position_embedding_type: z.literal('absolute').default('absolute'),
  is_decoder: z.literal(false).default(false),
  relative_attention_num_buckets: z.literal(32).default(32),
});

const distilSchema = z.looseObject({
  ...common,
  dim: size.default(768),
  hidden_dim: size.default(3072),
  n_layers: layers.default(6),
  n_heads: size.default(12),
  activation: hiddenAct.default('gelu'),
});

// DistilBERT and MPNet have these in their code.
const DISTIL_EPSILON = 1e-12;
const MPNET_PADDING = 1;
const ROBERTA_PADDING = 1;

/**
 * Reads the `config.json` of a BERT or one of its kin, with transformers' defaults for what it leaves out.
 *
 * @param json parsed, and not trusted
 * @throws {InvalidModelFile} naming the setting that is wrong or not supported
 */
export function readBertConfig(json: unknown, file = 'config.json'): BertConfig {
  const { model_type: type } = check(z.looseObject({ model_type: z.enum(BERT_TYPES) }), json, file);
  const config = type === 'distilbert' ? readDistil(json, file) : readOthers(json, type, file);
  checkHeads(config, file, '');
  if (config.firstPosition >= config.positions)
    throw new InvalidModelFile(file, `${config.positions} positions leave none for a text's tokens`);
  return config;
}

function readOthers(json: unknown, type: Exclude<BertType, 'distilbert'>, file: string): BertConfig {
  const settings = check(schema, json, file);
  return {
    ...towerOf(settings),
    normsAfter: true,
    type,
    vocabulary: settings.vocab_size,
    positions: settings.max_position_embeddings,
    firstPosition: firstPositionOf(type, settings.pad_token_id ?? ROBERTA_PADDING),
    tokenTypes: type === 'mpnet' ? 0 : settings.type_vocab_size,
  };
}

/** Some count places from behind the id that pads. */
function firstPositionOf(type: BertType, padding: number): number {
  if (type === 'mpnet') return MPNET_PADDING + 1;
  return type === 'bert' ? 0 : padding + 1;
}

function readDistil(json: unknown, file: string): BertConfig {
  const settings = check(distilSchema, json, file);
  return {
    width: settings.dim,
    heads: settings.n_heads,
    layers: settings.n_layers,
    inner: settings.hidden_dim,
    activation: settings.activation,
    epsilon: DISTIL_EPSILON,
    normsAfter: true,
    type: 'distilbert',
    vocabulary: settings.vocab_size,
    positions: settings.max_position_embeddings,
    firstPosition: 0,
    tokenTypes: 0,
  };
}
