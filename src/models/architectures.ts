import type { Architecture, ModelSigns, NeededFile } from './architecture.ts';
import { UnusableModel } from './errors.ts';

/** The kinds of network that stored models can be of. A new one is a file with its network, and a row here. */
const ARCHITECTURES: readonly Architecture[] = [
  {
    name: 'CLIPs with a vision transformer (transformers or OpenCLIP layout)',
    recognizes: ({ config }) =>
      (config.model_type ?? 'clip') === 'clip' &&
      ['model_type', 'model_cfg', 'vision_config'].some((key) => key in config),
    needs: ['tokenizer.json'],
    load: async () => (await import('./clip/network.ts')).loadClipNetwork,
  },
  {
    name: 'sentence models (BERT, RoBERTa, XLM-RoBERTa, MPNet, DistilBERT)',
    recognizes: ({ config }) =>
      ['bert', 'roberta', 'xlm-roberta', 'mpnet', 'distilbert'].some((type) => type === config.model_type),
    takes: () => 'texts',
    needs: ['tokenizer.json'],
    load: async () => (await import('./bert/network.ts')).loadSentenceNetwork,
  },
  {
    name: 'DINOv2 and ViT',
    recognizes: ({ config }) =>
      ['dinov2', 'dinov2_with_registers', 'vit'].some((type) => type === config.model_type),
    takes: () => 'pictures',
    needs: ['preprocessor_config.json'],
    load: async () => (await import('./vit/network.ts')).loadVitNetwork,
  },
  {
    name: 'encoders trained in the lab of this page',
    recognizes: ({ config }) => config.model_type === 'nearfield-lab',
    takes: ({ config }) =>
      'image' in config && 'text' in config ? undefined : 'image' in config ? 'pictures' : 'texts',
    needs: [],
    // A room that stands on this one: only here, and only when such a model is opened.
    load: async () => (await import('../lab/embedder/network.ts')).loadLabNetwork,
  },
  {
    name: 'graph models and layers models of tfjs that take pictures (model.json)',
    // It is stored only with a model.json that was read as one of tfjs.
    recognizes: ({ paths }) => paths.includes('model.json'),
    takes: () => 'pictures',
    needs: [],
    load: async () => (await import('./tfjs/network.ts')).loadTfjsNetwork,
  },
];

/**
 * The kind that a model is of.
 *
 * @param where what the model is called, for messages
 * @throws {UnusableModel} naming what it is, where it says so, and what can be run
 */
export function architectureOf(signs: ModelSigns, where: string): Architecture {
  const found = ARCHITECTURES.find((architecture) => architecture.recognizes(signs));
  if (found) return found;
  const type = signs.config.model_type;
  const what =
    typeof type === 'string' ? `is a "${type}"` : 'has a config.json that does not say what network it is';
  throw new UnusableModel(
    `${where} ${what}, which cannot be run here. What can: ${ARCHITECTURES.map(({ name }) => name).join('; ')}. Choose one of these.`,
  );
}

/** What a file that is needed is for, and how transformers writes it. */
const NEEDED: Readonly<Record<NeededFile, { readonly tells: string; readonly writer: string }>> = {
  'tokenizer.json': { tells: 'how texts are read', writer: 'AutoTokenizer' },
  'preprocessor_config.json': { tells: 'how pictures are prepared', writer: 'AutoImageProcessor' },
};

/**
 * That a model has what its kind cannot do without.
 *
 * @param source where its files are from, for what to do
 * @throws {UnusableModel} naming the file that is missing, what it is for and where to get it
 */
export function checkNeeds(
  { needs }: Architecture,
  paths: readonly string[],
  { id, source }: { readonly id: string; readonly source: 'hub' | 'files' },
): void {
  const missing = needs.find((path) => !paths.includes(path));
  if (missing === undefined) return;
  const { tells, writer } = NEEDED[missing];
  const written = `${writer}.from_pretrained(…).save_pretrained(…) in transformers writes one`;
  throw new UnusableModel(
    source === 'files'
      ? `${id} has no ${missing}, which says ${tells}. Give it with the other files: it lies beside config.json where the model was published. Where there is none, ${written}.`
      : `${id} has no ${missing}, which says ${tells}. Choose another model, or download this one by hand and give its folder with one: ${written}.`,
  );
}

/** @param config of `config.json` or `open_clip_config.json`, parsed and not trusted */
export function signsOf(paths: readonly string[], config: unknown): ModelSigns {
  const isTable = typeof config === 'object' && config !== null && !Array.isArray(config);
  return { paths, config: isTable ? { ...config } : {} };
}
