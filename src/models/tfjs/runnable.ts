/** A graph model or a layers model, loaded by tfjs from files in memory, with one way to run both. */
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidModelFile } from '../errors.ts';
import { MODEL_JSON, type TfjsModel } from './model-json.ts';
import type { DeclaredInput, Shape } from './plan.ts';
import { controlFlowBefore, nodeOf } from './topology.ts';

export interface NamedOutput {
  readonly name: string;
  /** All names that its maker gave it. */
  readonly hints: string;
}

export interface Runnable {
  readonly inputs: readonly DeclaredInput[];
  readonly outputs: readonly NamedOutput[];
  /** True where its first step brings bytes to the range that it wants. */
  readonly takesBytes: boolean;
  /**
   * @param outputs names from `outputs`
   * @returns a tensor each, the caller's to dispose
   */
  run(input: Tensor, outputs: readonly string[]): Tensor[];
  dispose(): void;
}

/**
 * @param buffers the files of weights, in the description's order
 * @param output the only one wanted: of an output, or of any node or layer
 * @throws {InvalidModelFile} when there is no such output, or the way to it is known only as it runs; what tfjs throws
 */
export async function loadRunnable(
  model: TfjsModel,
  buffers: readonly ArrayBuffer[],
  output: string | undefined,
): Promise<Runnable> {
  const artifacts: io.ModelArtifacts = {
    modelTopology: model.topology,
    format: model.format,
    // The shape and quantization of each were checked; tfjs has narrower types for the rest, which it ignores.
    weightSpecs: model.weights.map(({ name, shape, dtype, quantization }): io.WeightsManifestEntry => {
      if (!quantization) return { name, shape, dtype };
      const { min, scale, dtype: stored } = quantization;
      const how = { dtype: stored, ...(min !== undefined && { min }), ...(scale !== undefined && { scale }) };
      return { name, shape, dtype, quantization: how };
    }),
    weightData: [...buffers],
    ...(model.signature && { signature: model.signature }),
  };
  const handler: io.IOHandler = { load: async () => artifacts };
  return model.format === 'graph-model'
    ? loadGraph(model, handler, output)
    : loadLayers(model, handler, output);
}

async function loadGraph(
  { topology }: TfjsModel,
  handler: io.IOHandler,
  output: string | undefined,
): Promise<Runnable> {
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  const model: GraphModel = await loadGraphModel(handler);
  const nodes = nodesOf(topology);
  let outputs: NamedOutput[];
  try {
    outputs = graphOutputs(model, topology, nodes, output);
  } catch (error) {
    model.dispose();
    throw error;
  }
  const inputs = model.inputs
    // With a value of its own, which stands where nothing is given.
    .filter(({ name }, _, all) => all.length === 1 || nodes.get(name)?.op !== 'PlaceholderWithDefault')
    .map(({ name, shape, dtype }): DeclaredInput => {
      const known = shape ?? signed(model, 'inputs', name)?.shape;
      return { name, shape: known?.map((side) => (side > 0 ? side : null)), dtype: dtype ?? 'float32' };
    });
  const [first] = inputs;
  const readers = [...nodes].filter(
    ([, { input }]) => first && input.some((one) => nodeOf(one) === first.name),
  );
  return {
    inputs,
    outputs,
    takesBytes: readers.some(([name]) => /rescaling/i.test(name)),
    run(input, wanted) {
      const given = model.execute({ [first?.name ?? '']: input }, [...wanted]);
      return Array.isArray(given) ? given : [given];
    },
    dispose: () => model.dispose(),
  };
}

/** Those that the model names, or the one that is wanted, with a way to it that is the same for every picture. */
function graphOutputs(
  model: GraphModel,
  topology: TfjsModel['topology'],
  nodes: ReadonlyMap<string, GraphNode>,
  output: string | undefined,
): NamedOutput[] {
  const names = output === undefined ? model.outputNodes : [output];
  const ends = names.map((name) => ({ name, node: nodeOf(signed(model, 'outputs', name)?.name ?? name) }));
  const missing = ends.find(({ node }) => !nodes.has(node));
  if (missing) throw noOutput(missing.name, model.outputNodes);
  const flow = controlFlowBefore(
    topology,
    ends.map(({ node }) => node),
  );
  if (flow !== undefined) {
    throw new InvalidModelFile(
      MODEL_JSON,
      `what it computes depends on what it sees (${flow}), as in models that find things in pictures. Name an earlier node as "output" in nearfield.json beside it`,
    );
  }
  return ends.map(({ name, node }) => ({ name, hints: `${name} ${node}` }));
}

interface GraphNode {
  readonly op: string;
  readonly input: readonly string[];
}

/** Of a graph that `checkGraph` gave. */
function nodesOf({ node }: TfjsModel['topology']): Map<string, GraphNode> {
  const nodes = new Map<string, GraphNode>();
  if (!Array.isArray(node)) return nodes;
  for (const { name, op, input } of node) nodes.set(name, { op, input: input ?? [] });
  return nodes;
}

/** What the signature says of an input or an output, by its key or the name of its node. */
function signed(
  { modelSignature }: GraphModel,
  side: 'inputs' | 'outputs',
  name: string,
): { readonly name: string; readonly shape: number[] | undefined } | undefined {
  const entries: unknown = modelSignature && Reflect.get(modelSignature, side);
  if (typeof entries !== 'object' || entries === null) return undefined;
  for (const [key, entry] of Object.entries(entries)) {
    const { name: node, tensorShape } = entry ?? {};
    if (typeof node !== 'string' || (key !== name && nodeOf(node) !== nodeOf(name))) continue;
    const dim: unknown = tensorShape?.dim;
    return { name: node, shape: Array.isArray(dim) ? dim.map((one) => Number(one?.size ?? -1)) : undefined };
  }
  return undefined;
}

async function loadLayers(
  { values }: TfjsModel,
  handler: io.IOHandler,
  output: string | undefined,
): Promise<Runnable> {
  const [{ loadLayersModel, model: modelOf }, { checkOutputs, withinWeights }] = await Promise.all([
    import('@tensorflow/tfjs-layers'),
    import('./bounds.ts'),
  ]);
  const model: LayersModel = await withinWeights(values, () => loadLayersModel(handler));
  checkOutputs(model);
  const ends = new Map<string, SymbolicTensor>();
  if (output === undefined) {
    // A Sequential knows no names of its outputs but those of the layers that they come from.
    for (const end of model.outputs) {
      const { name } = end.sourceLayer;
      ends.set(ends.has(name) ? end.name : name, end);
    }
  } else {
    const layer = model.layers.find(({ name }) => name === output);
    if (!layer) {
      model.dispose();
      throw noOutput(
        output,
        model.layers.map(({ name }) => name),
      );
    }
    for (const end of [layer.output].flat()) ends.set(output, end);
  }
  const parts = new Map<string, LayersModel>();
  const [, second] = model.layers;
  return {
    inputs: model.inputs.map(({ name, shape, dtype }) => ({ name, shape: sidesOf(shape), dtype })),
    outputs: [...ends.keys()].map((name) => ({ name, hints: name })),
    takesBytes: [model.layers[0], second].some((layer) => layer?.getClassName() === 'Rescaling'),
    run(input, wanted) {
      const key = wanted.join('\n');
      const part =
        parts.get(key) ??
        modelOf({ inputs: model.inputs, outputs: wanted.flatMap((name) => ends.get(name) ?? []) });
      parts.set(key, part);
      const given = part.predictOnBatch(input);
      return Array.isArray(given) ? given : [given];
    },
    dispose: () => void model.dispose(),
  };
}

function sidesOf(shape: readonly (number | null)[]): Shape {
  return shape.map((side) => side ?? null);
}

function noOutput(name: string, there: readonly string[]): InvalidModelFile {
  const some = there.slice(-8).map((one) => JSON.stringify(one));
  return new InvalidModelFile(
    'nearfield.json',
    `"output" is ${JSON.stringify(name)}, which the model has not. It has ${some.join(', ')}${there.length > 8 ? ' and others' : ''}`,
  );
}
