// Tables of layers on which tfjs would go round for ever are refused by name; those that it can call are not.
import { expect, test } from 'vitest';
import { checkLayers } from '../../src/models/tfjs/topology.ts';

type Read = readonly [from: string, call?: number];

const input = { class_name: 'InputLayer', name: 'in', config: { name: 'in' }, inbound_nodes: [] };

/** @param calls what each call of the layer reads */
function layer(name: string, ...calls: (readonly Read[])[]) {
  const inbound_nodes = calls.map((reads) => reads.map(([from, call = 0]) => [from, call, 0, {}]));
  return { class_name: 'Activation', name, config: { name }, inbound_nodes };
}

const check = (...layers: object[]) =>
  checkLayers({ model_config: { class_name: 'Functional', config: { layers } } }, 100, 'model.json');

test.each([
  ['a circle', [layer('a', [['b']]), layer('b', [['in'], ['a']])], /wait for one another \(at "a"\)/],
  ['a layer that reads itself', [layer('a', [['a']])], /wait for one another \(at "a"\)/],
  [
    'a call that is not made',
    [layer('a', [['in']]), layer('b', [['a', 1]])],
    /wait for one another \(at "b"\)/,
  ],
  [
    'a layer that is not there',
    [layer('a', [['toString']])],
    /"a" reads from "toString", which is not there/,
  ],
  ['two layers of one name', [layer('a', [['in']]), layer('a', [['in']])], /"a" shares its name/],
  [
    'a layer of two names',
    [{ ...layer('a', [['in']]), config: { name: 'b' } }],
    /"a" shares its name, or has two/,
  ],
  [
    'names that tfjs reads otherwise',
    [{ ...layer('a'), inboundNodes: [] }],
    /"inboundNodes" where "inbound_nodes"/,
  ],
  ['calls that are no lists', [{ ...layer('a'), inbound_nodes: [{ args: [] }] }], /inbound_nodes\.0/],
  [
    'a circle in a model in the model',
    [{ ...layer('a', [['in']]), config: { name: 'a', layers: [input, layer('x', [['x']])] } }],
    /at "x"/,
  ],
])('%s', (_, layers, message) => {
  expect(() => check(input, ...layers)).toThrow(message);
});

test('layers in any order, shared ones, and models in models are taken', () => {
  // A(B(A(in))): a circle of layers, none of calls.
  check(input, layer('a', [['in']], [['b']]), layer('b', [['a']]), layer('end', [['a', 1]]));
  check(layer('c', [['b']]), layer('b', [['a']]), layer('a', [['in']]), input);
  const inner = { name: 'inner', layers: [input, layer('x', [['in']])] };
  check(input, { ...layer('inner', [['in']]), config: inner }, layer('end', [['inner', 1]]));
  const plain = { class_name: 'Dense', config: { name: 'row' } };
  checkLayers({ class_name: 'Sequential', config: { layers: [plain, plain] } }, 100, 'model.json');
});
