import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSafetensors, SafetensorsError, toFloat32, toInt8 } from '../../src/models/safetensors.ts';
import { Weights } from '../../src/models/weights.ts';

type Header = Record<string, unknown>;

describe('a good file', () => {
  test('gives each tensor its type, shape and values', () => {
    const data = new Uint8Array(12);
    new Float32Array(data.buffer, 0, 2).set([1.5, -2]);
    new Int8Array(data.buffer, 8, 4).set([1, -127, 0, 5]);
    const tensors = readSafetensors(
      file(
        { __metadata__: { made: 'here' }, a: entry('F32', [2], 0, 8), b: entry('I8', [2, 2], 8, 12) },
        data,
      ),
      'x',
    );
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    expect([...toFloat32(get(tensors, 'a'), 'a')]).toEqual([1.5, -2]);
    expect([...toInt8(get(tensors, 'b'), 'b')]).toEqual([1, -127, 0, 5]);
    expect(get(tensors, 'b').shape).toEqual([2, 2]);
  });

  test('may hold scalars and empty tensors', () => {
    const tensors = readSafetensors(
      file({ a: entry('F32', [], 0, 4), b: entry('F32', [0, 7], 4, 4) }, new Uint8Array(4)),
      'x',
    );
    expect(toFloat32(get(tensors, 'a'), 'a')).toHaveLength(1);
    expect(toFloat32(get(tensors, 'b'), 'b')).toHaveLength(0);
  });

  test('may hold floats at an odd place', () => {
    const data = new Uint8Array(5);
    data.set(new Uint8Array(new Float32Array([0.25]).buffer), 1);
    const tensors = readSafetensors(
      file({ a: entry('I8', [1], 0, 1), b: entry('F32', [1], 1, 5) }, data),
      'x',
    );
    expect([...toFloat32(get(tensors, 'b'), 'b')]).toEqual([0.25]);
  });
});

describe('16-bit floats', () => {
  // Bits and values from IEEE 754-2008: ones, largest, smallest normal and subnormal, infinities.
  test.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x8000, -0],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x3555, 0.333251953125],
  ])('%i is %d', (bits, value) => {
    const data = new Uint8Array(new Uint16Array([bits]).buffer);
    const tensors = readSafetensors(file({ a: entry('F16', [1], 0, 2) }, data), 'x');
    expect(toFloat32(get(tensors, 'a'), 'a')[0]).toBe(value);
  });
});

describe('a bad file is refused with its name and the reason', () => {
  const four = new Uint8Array(4);
  const cases: [string, ArrayBuffer, RegExp][] = [
    ['nothing', new ArrayBuffer(0), /0 bytes, fewer than a header's length/],
    ['a web page', bytesOf('<!doctype html><html></html>'), /header claims \d+ bytes/],
    ['a huge header', withLength(2n ** 63n, '{}'), /header claims 9223372036854776000 bytes/],
    ['a cut header', withLength(50n, '{"a":'), /claims 50 bytes, the file has 13; it was cut off/],
    ['a header that is not JSON', withLength(3n, '{a}'), /header is not JSON/],
    ['a header that is an array', withLength(2n, '[]'), /not a JSON object/],
    ['an entry that is a number', file({ a: 1 }, four), /entry for "a" is not a tensor/],
    ['a negative offset', file({ a: entry('F32', [1], -4, 0) }, four), /"a" is not a tensor/],
    ['a fractional shape', file({ a: entry('F32', [1.5], 0, 4) }, four), /"a" is not a tensor/],
    ['an unknown type', file({ a: entry('Q4', [1], 0, 4) }, four), /unknown type "Q4"/],
    ['offsets in reverse', file({ a: entry('F32', [1], 4, 0) }, four), /lies at 4–0, outside the 4 bytes/],
    ['data that was cut off', file({ a: entry('F32', [2], 0, 8) }, four), /lies at 0–8, outside the 4 bytes/],
    [
      'a shape that is too large',
      file({ a: entry('F32', [1e6, 1e6], 0, 4) }, four),
      /needs 4000000000000 bytes, has 4/,
    ],
    [
      'a shape beyond all numbers',
      file({ a: entry('F32', Array(16).fill(Number.MAX_SAFE_INTEGER), 0, 4) }, four),
      /needs \S+ bytes, has 4/,
    ],
    [
      'overlapping tensors',
      file({ a: entry('I8', [3], 0, 3), b: entry('I8', [2], 2, 4) }, four),
      /"b" overlaps the tensor before it/,
    ],
    [
      'a gap',
      file({ a: entry('I8', [1], 0, 1), b: entry('I8', [2], 2, 4) }, four),
      /gap of 1 bytes before "b"/,
    ],
    ['bytes at the end', file({ a: entry('I8', [1], 0, 1) }, four), /3 bytes at its end belong to no tensor/],
  ];
  test.each(cases)('%s', (_, buffer, reason) => {
    expect(() => readSafetensors(buffer, 'some.safetensors')).toThrow(SafetensorsError);
    expect(() => readSafetensors(buffer, 'some.safetensors')).toThrow(
      /^some\.safetensors cannot be used as weights: /,
    );
    expect(() => readSafetensors(buffer, 'some.safetensors')).toThrow(reason);
  });

  test('a long name is cut in the message', () => {
    const buffer = file({ ['n'.repeat(5000)]: 0 }, four);
    expect(() => readSafetensors(buffer, 'x')).toThrow(/^.{1,200}$/);
  });

  test('names that JavaScript gives a meaning are plain names', () => {
    const header = `{"__proto__":${JSON.stringify(entry('I8', [4], 0, 4))}}`;
    const buffer = join(header, four);
    expect(() => readSafetensors(buffer, 'x')).not.toThrow(TypeError);
  });

  test('whatever the bytes, it reads or says SafetensorsError', () => {
    const good = new Uint8Array(file({ a: entry('F32', [1], 0, 4) }, four));
    const change = fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255) });
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(change, { maxLength: 4 }).map((changes) => {
        const bytes = good.slice();
        for (const { at, to } of changes) bytes[at] = to;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(input, (bytes) => {
        try {
          for (const tensor of readSafetensors(bytes.slice().buffer, 'x').values()) {
            expect(tensor.bytes.length).toBeLessThanOrEqual(bytes.length);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('weights asked for by name', () => {
  test('int8 columns are multiplied by their scales', () => {
    const data = new Uint8Array(12);
    new Float32Array(data.buffer, 0, 2).set([0.5, 2]);
    new Int8Array(data.buffer, 8, 4).set([1, 2, -3, 4]);
    const header = { 'm.scale': entry('F32', [2], 0, 8), 'm.weight': entry('I8', [2, 2], 8, 12) };
    expect([...new Weights(file(header, data), 'x').dequantizedColumns('m', [2, 2])]).toEqual([
      0.5, 4, -1.5, 8,
    ]);
  });

  test('another shape, type or a missing name is refused', () => {
    const weights = new Weights(file({ a: entry('F32', [1], 0, 4) }, new Uint8Array(4)), 'x.safetensors');
    expect(() => weights.floats('a', [2])).toThrow(
      'x.safetensors is not the model that was expected: "a" is 1, not 2.',
    );
    expect(() => weights.floats('b', [1])).toThrow(
      'x.safetensors is not the model that was expected: it has no "b".',
    );
    const ints = new Weights(file({ a: entry('I32', [1], 0, 4) }, new Uint8Array(4)), 'x.safetensors');
    expect(() => ints.floats('a', [1])).toThrow('"a" is I32, not F32 or F16.');
  });
});

function entry(dtype: string, shape: number[], begin: number, end: number): Header {
  return { dtype, shape, data_offsets: [begin, end] };
}

function file(header: Header, data: Uint8Array): ArrayBuffer {
  return join(JSON.stringify(header), data);
}

function join(header: string, data: Uint8Array): ArrayBuffer {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes.buffer;
}

function withLength(length: bigint, rest: string): ArrayBuffer {
  const bytes = new Uint8Array(join(rest, new Uint8Array(0)));
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes.buffer;
}

function bytesOf(text: string): ArrayBuffer {
  return new Uint8Array(new TextEncoder().encode(text)).buffer;
}

function get<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`no ${String(key)}`);
  return value;
}
