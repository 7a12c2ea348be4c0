/** Which layer reads from which, in a table of layers. */
import { z } from 'zod';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';
import { quote } from '../weights/errors.ts';

// Of a call: from which layer, from which of that layer's calls, and from which of its outputs it reads.
const calls = z.array(z.array(z.tuple([z.string(), z.int().nonnegative()]).rest(z.unknown())));
const layerSchema = z.looseObject({
  name: z.string(),
  class_name: z.string().optional(),
  config: z.looseObject({ name: z.string().optional(), layers: z.array(z.unknown()).optional() }).optional(),
  inbound_nodes: calls.default([]),
});

/** tfjs looks at all layers again for each that waits for a later one; the deepest networks have a tenth of these. */
const MOST_LAYERS = 10_000;

/** How tfjs reads the names of settings, as they should be written. */
const SPELLINGS = new Map([
  ['layers', 'layers'],
  ['inboundNodes', 'inbound_nodes'],
  ['name', 'name'],
]);

/** @throws {InvalidModelFile} for a setting whose name tfjs would read as another's */
export function checkSpelling(key: string, file: string): void {
  const read = key.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase());
  const right = SPELLINGS.get(read);
  if (right !== undefined && right !== key)
    throw new InvalidModelFile(file, `a layer of it has ${quote(key)} where "${right}" belongs`);
}

/**
 * Calls layers in the order in which tfjs-layers does, which goes round for ever where a call waits for one that never comes: a layer
 * that is not there, or itself, however far around.
 *
 * @param layers of a model, parsed and not trusted
 * @throws {InvalidModelFile} naming the layer
 */
export function checkCalls(layers: readonly unknown[], file: string): void {
  if (layers.length > MOST_LAYERS)
    throw new InvalidModelFile(file, `it has ${layers.length} layers, and ${MOST_LAYERS} can be taken`);
  if (!layers.some((layer) => typeof layer === 'object' && layer !== null && 'inbound_nodes' in layer))
    return;
  const made = new Map<string, number>();
  let waiting: { readonly name: string; readonly sources: readonly (readonly [string, number])[] }[] = [];
  for (const layer of layers) {
    const { name, class_name, config, inbound_nodes } = check(
      layerSchema,
      layer,
      file,
      'modelTopology layer',
    );
    if (made.has(name) || (config?.name ?? name) !== name)
      throw new InvalidModelFile(file, `its layer ${quote(name)} shares its name, or has two`);
    // What is an input, or holds an input, was called once before.
    const isCalled = class_name === 'InputLayer' || (config?.layers ?? []).length > 0;
    made.set(name, isCalled ? 1 : 0);
    for (const sources of inbound_nodes)
      waiting.push({ name, sources: sources.map(([source, call]) => [source, call] as const) });
  }
  for (const { name, sources } of waiting) {
    const missing = sources.find(([source]) => !made.has(source));
    if (missing)
      throw new InvalidModelFile(
        file,
        `its layer ${quote(name)} reads from ${quote(missing[0])}, which is not there`,
      );
  }
  for (let before = 0; before !== waiting.length; ) {
    before = waiting.length;
    waiting = waiting.filter(({ name, sources }) => {
      if (sources.some(([source, call]) => (made.get(source) ?? 0) <= call)) return true;
      if (sources.length > 0) made.set(name, (made.get(name) ?? 0) + 1);
      return false;
    });
  }
  const [stuck] = waiting;
  if (stuck) throw new InvalidModelFile(file, `its layers wait for one another (at ${quote(stuck.name)})`);
}
