import { UnusableModel } from '../errors.ts';
import { INDEX_SUFFIX } from '../weights/safetensors.ts';

/** The weights, by the names that libraries give them; the first that is there is taken. */
const WEIGHTS = ['model.safetensors', `model${INDEX_SUFFIX}`, 'open_clip_model.safetensors'];

/** What a network is: one of these must be there. */
const CONFIGS = ['config.json', 'open_clip_config.json'];

/** What goes with it, where it is there: how pictures and texts are prepared, and how sentence models pool. */
const COMPANIONS = [
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'vocab.json',
  'vocab.txt',
  'merges.txt',
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
  '2_Dense/config.json',
  '2_Dense/model.safetensors',
];

/** The steps of sentence models after the network, whatever they are called: modules.json says which count. */
const MODULE = /^\d+_[A-Za-z]\w*\/(?:config\.json|model\.safetensors)$/;

/** Names that {@link checkpointFiles} looks for, where a server lists nothing and must be asked for each; shards come from the index. */
export const CANDIDATES: readonly string[] = [...CONFIGS, ...WEIGHTS, ...COMPANIONS];

/**
 * Which of a model's files are needed to run it, the small ones first, so that what is wrong with them is known before the weights
 * are loaded.
 *
 * @param paths of all files, within the model's folder
 * @param where what the model is called, for messages
 * @param shards that the model's index names, where {@link weightsIndex} finds one
 * @throws {UnusableModel} when there are no weights that can be read, parts of them are missing, or nothing says what network it is
 */
export function checkpointFiles(
  paths: readonly string[],
  where: string,
  shards: readonly string[] = [],
): string[] {
  const there = new Set(paths);
  const weights = weightsIn(paths, where, shards);
  const configs = CONFIGS.filter((path) => there.has(path));
  if (configs.length === 0) {
    throw new UnusableModel(
      `${where} has no config.json (nor open_clip_config.json), which says what network it is. Add it, or choose another model.`,
    );
  }
  const companions = COMPANIONS.filter((path) => there.has(path));
  const modules = paths.filter((path) => MODULE.test(path) && !companions.includes(path));
  return [...configs, ...companions, ...modules, ...weights];
}

/** The index that says in which files the weights are, where they are in several. */
export function weightsIndex(paths: readonly string[]): string | undefined {
  const found = mainWeights(paths);
  return found !== undefined && isIndex(found) ? found : undefined;
}

function mainWeights(paths: readonly string[]): string | undefined {
  const alone = filesAlone(paths);
  const named = WEIGHTS.find((name) => paths.includes(name));
  return named ?? (alone.length === 1 ? alone[0] : paths.find((path) => isIndex(path)));
}

/** The files of weights: one, or an index and its shards. */
function weightsIn(paths: readonly string[], where: string, shards: readonly string[]): string[] {
  const found = mainWeights(paths);
  if (found === undefined) throw new UnusableModel(`${where} ${whyNone(paths, filesAlone(paths))}`);
  if (!isIndex(found)) return [found];
  const missing = shards.find((path) => !paths.includes(path));
  if (missing !== undefined) {
    throw new UnusableModel(
      `${where} has ${found}, which names ${missing} as a file of weights, and that is not there. Add it, or choose another model.`,
    );
  }
  return [found, ...shards];
}

/** Not in folders within the model's. */
function filesAlone(paths: readonly string[]): string[] {
  return paths.filter((path) => /^[^/]+\.safetensors$/.test(path));
}

function isIndex(path: string): boolean {
  return !path.includes('/') && path.endsWith(INDEX_SUFFIX);
}

function whyNone(paths: readonly string[], alone: readonly string[]): string {
  if (alone.length > 1) {
    return `has several files of weights (${alone.slice(0, 4).join(', ')}). Keep the one to run, and name it model.safetensors.`;
  }
  const pickle = paths.find((path) => /\.(?:bin|pt|pth|ckpt)$/.test(path) && !path.includes('/'));
  const other = pickle ?? paths.find((path) => /\.(?:onnx|gguf|h5|msgpack)$/.test(path));
  const has = other === undefined ? 'has no weights' : `has its weights only as ${other}`;
  const why = pickle === undefined ? '' : ', a format that can run code when it is opened';
  return `${has}${why}. Weights in the safetensors format are needed (model.safetensors): choose a version that has them, or convert them.`;
}
