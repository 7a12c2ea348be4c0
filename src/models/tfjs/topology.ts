/** What could make the reading or running of a network hang, looked for before tfjs reads it. */
import { z } from 'zod';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';
import { checkCalls, checkSpelling } from './layer-calls.ts';

type Topology = Readonly<Record<string, unknown>>;

const graphSchema = z.looseObject({
  node: z.array(z.looseObject({ name: z.string(), op: z.string(), input: z.array(z.string()).optional() })),
  versions: z.unknown().optional(),
});

/** Operations that loop, branch or wait: what is to be computed is known only as it runs. */
const CONTROL_FLOW =
  /^(?:While|StatelessWhile|If|StatelessIf|Enter|Exit|NextIteration|LoopCond|Switch|Merge|TensorArray\w+|NonMaxSuppression\w+|Where|ListDiff)$/;

/** What leads back to the start of a loop. */
const BACK = 'NextIteration';

/** Deeper than any layer in a model in a model; the readers call themselves for each level. */
const MAX_DEPTH = 64;

/** Settings of layers that say how many values their weights have at least. */
const SIZES = new Set(['units', 'filters', 'input_dim', 'output_dim']);

/**
 * A graph as tfjs may read it: every node reads from nodes that are there, and none from itself, however far around, but by the way back
 * of a loop, which may be in a part that is not run. Functions are left out, which only control flow calls.
 *
 * @throws {InvalidModelFile} naming the node
 */
export function checkGraph(topology: Topology, file: string): Topology {
  const { library: _, ...graph } = check(graphSchema, topology, file, 'modelTopology');
  const inputs = new Map(graph.node.map(({ name, input = [] }) => [name, input.map(nodeOf)]));
  if (inputs.size < graph.node.length)
    throw new InvalidModelFile(file, 'two nodes of its graph have one name');
  const back = new Set(graph.node.filter(({ op }) => op === BACK).map(({ name }) => name));
  const waiting = new Map<string, number>();
  const readers = new Map<string, string[]>();
  for (const [name, sources] of inputs) {
    waiting.set(name, sources.filter((source) => !back.has(source)).length);
    for (const source of sources) {
      if (!inputs.has(source))
        throw new InvalidModelFile(
          file,
          `its node ${quote(name)} reads from ${quote(source)}, which is not there`,
        );
      const others = readers.get(source);
      if (others) others.push(name);
      else readers.set(source, [name]);
    }
  }
  // Kahn 1962: takes nodes whose sources were all taken; what is left over lies on a circle, or behind one.
  const free = [...inputs.keys()].filter((name) => waiting.get(name) === 0);
  let taken = 0;
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    taken++;
    for (const reader of readers.get(name) ?? []) {
      const left = (waiting.get(reader) ?? 0) - 1;
      waiting.set(reader, left);
      if (left === 0) free.push(reader);
    }
  }
  if (taken < inputs.size) {
    const [stuck] = [...waiting].filter(([, left]) => left > 0).map(([name]) => name);
    throw new InvalidModelFile(file, `its graph goes in a circle (at ${quote(stuck ?? '')})`);
  }
  // Only told in messages of tfjs, which stops where it is missing.
  return { ...graph, versions: graph.versions ?? {} };
}

/**
 * The first node with control flow that an output needs, in words for a message; undefined where there is none.
 *
 * @param topology as {@link checkGraph} gives it
 * @param outputs names of nodes
 */
export function controlFlowBefore(topology: Topology, outputs: readonly string[]): string | undefined {
  const { node } = graphSchema.parse(topology);
  const byName = new Map(node.map((one) => [one.name, one]));
  const seen = new Set<string>();
  const open = outputs.map(nodeOf);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const found = seen.has(name) ? undefined : byName.get(name);
    seen.add(name);
    if (!found) continue;
    if (CONTROL_FLOW.test(found.op)) return `${found.op}, at ${quote(found.name)}`;
    open.push(...(found.input ?? []).map(nodeOf));
  }
  return undefined;
}

/**
 * A table of layers as tfjs may read it: not nested without end, no layer that waits for itself, and none larger than all weights
 * together, for tfjs makes room for a layer before it looks at what there is to fill it.
 *
 * @param values how many values the model's weights have
 * @throws {InvalidModelFile} naming the setting or the layer
 */
export function checkLayers(topology: Topology, values: number, file: string): Topology {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: topology, depth: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value, depth } = at;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH)
      throw new InvalidModelFile(file, `its layers are nested more than ${MAX_DEPTH} deep`);
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'number' && SIZES.has(key) && !(inner >= 1 && inner <= values)) {
        const what = `a layer of it has ${inner} ${key}, and all weights together have ${values} values`;
        throw new InvalidModelFile(file, what);
      }
      checkSpelling(key, file);
      if (key === 'layers' && Array.isArray(inner)) checkCalls(inner, file);
      open.push({ value: inner, depth: depth + 1 });
    }
  }
  return topology;
}

/** The node that an input's name means: `^name` waits for it, `name:1` is its second output. */
export function nodeOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
