/** What a sentence model's files say beside its network: how tokens are pooled, what follows, how long a text may be. */
import { z } from 'zod';
import type { ModelFolder } from '../architecture.ts';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';
import { size } from '../transformer/config.ts';
import { DENSE_ACTIVATIONS, type DenseActivation, POOLING_MODES, type PoolingMode } from './head.ts';

export interface DenseFiles {
  readonly kind: 'dense';
  /** Of its folder, with `config.json` and `model.safetensors` in it. */
  readonly path: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly hasBias: boolean;
  readonly activation: DenseActivation;
}

export interface SentenceFiles {
  readonly pooling: readonly PoolingMode[];
  /** What follows pooling, in this order. */
  readonly steps: readonly (DenseFiles | { readonly kind: 'normalize' })[];
  /** Tokens that a text may have, marks at its ends included; undefined for as many as the network takes. */
  readonly maxTokens: number | undefined;
  readonly lowersCase: boolean;
  /** Stands before every text. */
  readonly prompt: string;
}

// Several names for one kind, of the releases before and since the library sorted its modules into folders.
const modulesSchema = z.array(
  z.looseObject({
    path: z.string().max(200),
    type: z.string().transform((type) => type.slice(type.lastIndexOf('.') + 1)),
  }),
);

const onOff = z.boolean().default(false);
const mode = z.enum(POOLING_MODES);
const off = z.literal(false).default(false);
const poolingSchema = z.looseObject({
  pooling_mode: z.union([mode.transform((one) => [one]), z.array(mode).min(1).max(8)]).optional(),
  pooling_mode_cls_token: onOff,
  pooling_mode_max_tokens: onOff,
  pooling_mode_mean_tokens: onOff,
  pooling_mode_mean_sqrt_len_tokens: onOff,
  pooling_mode_weightedmean_tokens: off,
  pooling_mode_lasttoken: off,
  include_prompt: z.boolean().default(true),
});

// `torch.nn.modules.activation.Tanh`, and the like; Tanh is the library's default.
const denseSchema = z.looseObject({
  in_features: size,
  out_features: size,
  bias: z.boolean().default(true),
  activation_function: z
    .string()
    .transform((name) => name.slice(name.lastIndexOf('.') + 1))
    .pipe(z.enum(DENSE_ACTIVATIONS))
    .default('Tanh'),
});

const lengthSchema = z.looseObject({
  max_seq_length: size.nullish(),
  do_lower_case: onOff,
});

const promptsSchema = z.looseObject({
  prompts: z.record(z.string(), z.string().nullable()).default({}),
  default_prompt_name: z.string().nullish(),
});

/**
 * Reads `modules.json` and what it names. A model without one is pooled by the mean over its tokens, as sentence-transformers does then.
 *
 * @throws {InvalidModelFile} naming the file and what in it is wrong or not supported
 */
export async function readSentenceFiles(folder: ModelFolder): Promise<SentenceFiles> {
  const { max_seq_length, do_lower_case } = check(
    lengthSchema,
    (await folder.json('sentence_bert_config.json')) ?? {},
    'sentence_bert_config.json',
  );
  const { prompt, pooling, steps } = await readModules(folder, await readPrompt(folder));
  return { pooling, steps, prompt, maxTokens: max_seq_length ?? undefined, lowersCase: do_lower_case };
}

async function readPrompt(folder: ModelFolder): Promise<string> {
  const file = 'config_sentence_transformers.json';
  const { prompts, default_prompt_name: name } = check(promptsSchema, (await folder.json(file)) ?? {}, file);
  if (!name) return '';
  const prompt = Object.hasOwn(prompts, name) ? prompts[name] : undefined;
  if (prompt === undefined)
    throw new InvalidModelFile(file, `its default prompt, ${JSON.stringify(name)}, is not among its prompts`);
  return prompt ?? '';
}

type Modules = Pick<SentenceFiles, 'pooling' | 'steps' | 'prompt'>;

async function readModules(folder: ModelFolder, prompt: string): Promise<Modules> {
  const file = 'modules.json';
  const json = await folder.json(file);
  if (json === undefined) return { pooling: ['mean'], steps: [], prompt };
  const [first, second, ...rest] = check(modulesSchema, json, file);
  if (first?.type !== 'Transformer' || first.path !== '')
    throw new InvalidModelFile(file, 'its first module is not a Transformer at the top of the folder');
  if (second?.type !== 'Pooling') throw new InvalidModelFile(file, 'its second module is not a Pooling');
  const steps: SentenceFiles['steps'][number][] = [];
  for (const { type, path } of rest) {
    if (type === 'Normalize') steps.push({ kind: 'normalize' });
    else if (type === 'Dense') steps.push(await readDense(folder, path));
    // It does nothing but in training.
    else if (type !== 'Dropout')
      throw new InvalidModelFile(file, `it has a module of the kind ${JSON.stringify(type.slice(0, 80))}`);
  }
  return { pooling: await readPooling(folder, second.path, prompt), steps, prompt };
}

async function readPooling(folder: ModelFolder, path: string, prompt: string): Promise<PoolingMode[]> {
  const file = `${path}/config.json`;
  const json = await folder.json(file);
  if (json === undefined) throw new InvalidModelFile(file, 'modules.json names it, and it is not there');
  const settings = check(poolingSchema, json, file);
  if (prompt !== '' && !settings.include_prompt)
    throw new InvalidModelFile(
      file,
      '"include_prompt": prompts that are left out of pooling are not supported',
    );
  if (settings.pooling_mode) return settings.pooling_mode;
  const modes: PoolingMode[] = [];
  if (settings.pooling_mode_cls_token) modes.push('cls');
  if (settings.pooling_mode_max_tokens) modes.push('max');
  if (settings.pooling_mode_mean_tokens) modes.push('mean');
  if (settings.pooling_mode_mean_sqrt_len_tokens) modes.push('mean_sqrt_len_tokens');
  return modes.length > 0 ? modes : ['mean'];
}

async function readDense(folder: ModelFolder, path: string): Promise<DenseFiles> {
  const file = `${path}/config.json`;
  const json = await folder.json(file);
  if (json === undefined) throw new InvalidModelFile(file, 'modules.json names it, and it is not there');
  const { in_features, out_features, bias, activation_function } = check(denseSchema, json, file);
  return {
    kind: 'dense',
    path,
    inputs: in_features,
    outputs: out_features,
    hasBias: bias,
    activation: activation_function,
  };
}
