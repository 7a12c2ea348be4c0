/** What a tfjs model's `model.json` says, read before anything of its weights is. */
import { z } from 'zod';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';
import { isPlainPath } from '../hub/repository.ts';
import { checkGraph, checkLayers } from './topology.ts';

/** What the description is called in a stored model's folder, whatever it was called before. */
export const MODEL_JSON = 'model.json';

/** Files beside it that are read where they are there: our own settings, and those of Teachable Machine. */
export const TFJS_COMPANIONS = ['nearfield.json', 'metadata.json'] as const;

/** Files that make up one run of bytes, in this order, and what weights lie in them, one after another. */
export interface ShardGroup {
  /** Within the model's folder. */
  readonly paths: readonly string[];
  /** Of all of them together: exactly, or at least where there are texts among the weights. */
  readonly bytes: number;
  readonly exact: boolean;
}

type WeightSpec = z.output<typeof weightSchema>;

export interface TfjsModel {
  readonly format: 'graph-model' | 'layers-model';
  /** The network, checked for what could make reading it hang; what it says in detail is for tfjs to read. */
  readonly topology: Readonly<Record<string, unknown>>;
  readonly weights: readonly WeightSpec[];
  readonly groups: readonly ShardGroup[];
  /** Of all weights. */
  readonly bytes: number;
  /** How many numbers all weights have. */
  readonly values: number;
  /** Names and shapes of a graph's inputs and outputs, where its maker gave them. */
  readonly signature: Readonly<Record<string, unknown>> | undefined;
}

const BYTES = { float32: 4, int32: 4, bool: 1, complex64: 8, string: 4, uint8: 1, uint16: 2, float16: 2 };

/** More than a page can hold at once. */
const MAX_BYTES = 2 ** 32;

const table = z.record(z.string(), z.unknown());
const weightSchema = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().nonnegative()).max(8),
  dtype: z.enum(['float32', 'int32', 'bool', 'complex64', 'string']),
  quantization: z
    .looseObject({
      dtype: z.enum(['uint8', 'uint16', 'float16']),
      min: z.number().optional(),
      scale: z.number().optional(),
    })
    .optional(),
});
const schema = z.looseObject({
  format: z.string().nullish(),
  modelTopology: table,
  weightsManifest: z.array(
    z.looseObject({ paths: z.array(z.string()).max(10_000), weights: z.array(weightSchema) }),
  ),
  signature: table.nullish(),
  userDefinedMetadata: table.nullish(),
  modelInitializer: table.nullish(),
});

/** True for what has the two parts of a tfjs model's description, whatever they hold. */
export function isModelJson(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'modelTopology' in json && 'weightsManifest' in json;
}

/**
 * Reads a tfjs model's description: of a graph model or a layers model.
 *
 * @param json parsed, and not trusted
 * @param file what it is called, for messages
 * @throws {InvalidModelFile} when it is another format's, or names files, sizes or connections that no model has
 */
export function readModelJson(json: unknown, file: string = MODEL_JSON): TfjsModel {
  if (!isModelJson(json)) throw new InvalidModelFile(file, whatElse(json));
  const { modelTopology, weightsManifest, modelInitializer, ...said } = check(schema, json, file);
  const format = formatOf(modelTopology, said.format ?? undefined, file);
  if (modelInitializer && 'node' in modelInitializer)
    throw new InvalidModelFile(
      file,
      'it fills tables before it runs (modelInitializer), as models of texts do',
    );
  const groups = weightsManifest.map(({ paths, weights }): ShardGroup => {
    const plain = paths.map((path) => path.replace(/^(?:\.\/)+/, ''));
    const wrong = plain.findIndex((path) => !isPlainPath(path) || /\.json$|^[a-z]+:/i.test(path));
    if (wrong >= 0)
      throw new InvalidModelFile(file, `it names ${quote(paths[wrong] ?? '')} as a file of weights`);
    return {
      paths: plain,
      bytes: weights.reduce((sum, weight) => sum + bytesOf(weight, file), 0),
      exact: weights.every(({ dtype }) => dtype !== 'string'),
    };
  });
  const all = groups.flatMap(({ paths }) => paths);
  const twice = all.find((path, at) => all.indexOf(path) !== at);
  if (twice !== undefined) throw new InvalidModelFile(file, `it names ${quote(twice)} twice`);
  const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
  if (!(bytes <= MAX_BYTES))
    throw new InvalidModelFile(file, `its weights would take ${(bytes / 1e9).toPrecision(3)} GB`);
  const weights = weightsManifest.flatMap((group) => group.weights);
  const metadata = said.userDefinedMetadata?.signature;
  const values = weights.reduce((sum, weight) => sum + valuesOf(weight), 0);
  const topology =
    format === 'graph-model' ? checkGraph(modelTopology, file) : checkLayers(modelTopology, values, file);
  return {
    format,
    topology,
    weights,
    groups,
    bytes,
    values,
    signature: table.safeParse(metadata).data ?? said.signature ?? undefined,
  };
}

function formatOf(
  topology: Readonly<Record<string, unknown>>,
  said: string | undefined,
  file: string,
): TfjsModel['format'] {
  if (said !== undefined && said !== 'graph-model' && said !== 'layers-model')
    throw new InvalidModelFile(
      file,
      `its format is ${quote(said)}, and "graph-model" or "layers-model" is read`,
    );
  const found = Array.isArray(topology.node)
    ? 'graph-model'
    : 'model_config' in topology || 'class_name' in topology
      ? 'layers-model'
      : undefined;
  if (found === undefined || (said ?? found) !== found)
    throw new InvalidModelFile(
      file,
      `its modelTopology is not that of a ${said ?? 'graph model or a layers model'}`,
    );
  return found;
}

/** What a file that is no tfjs model's description is, as far as that can be told. */
function whatElse(json: unknown): string {
  const convert = 'Convert it with tensorflowjs_converter';
  if (typeof json !== 'object' || json === null) return 'it is not a table';
  if ('class_name' in json && 'config' in json)
    return `it is a Keras model’s description, without weights. ${convert}`;
  if ('modelTopology' in json)
    return 'it has a modelTopology and no weightsManifest, so no weights go with it';
  return `it has no modelTopology and no weightsManifest, so it is not of tfjs. ${convert}`;
}

function valuesOf({ shape }: WeightSpec): number {
  return shape.reduce((product, side) => product * side, 1);
}

function bytesOf(weight: WeightSpec, file: string): number {
  const { name, dtype, quantization } = weight;
  const stored = quantization?.dtype ?? dtype;
  if (stored === 'uint8' || stored === 'uint16') {
    if (quantization?.min === undefined || quantization.scale === undefined)
      throw new InvalidModelFile(file, `the weight ${quote(name)} is ${stored} without "min" and "scale"`);
  }
  return valuesOf(weight) * BYTES[stored];
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
