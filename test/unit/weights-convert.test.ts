// Writing weights, converting them to fewer bytes with the errors that are promised, and splitting tables.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../src/models/weights/byte-source.ts';
import { convertCheckpoint, type Precision } from '../../src/models/weights/convert.ts';
import { countOf, type Dtype, widthOf } from '../../src/models/weights/header.ts';
import { toHalves, toInt8Rows } from '../../src/models/weights/quantize.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';
import { BINDING_BYTES, rowBlocks, splitTable } from '../../src/models/weights/split.ts';
import { type NewTensor, sizeOfSafetensors, writeSafetensors } from '../../src/models/weights/write.ts';

type Bytes = Uint8Array<ArrayBuffer>;

describe('writing', () => {
  const dtypes: Dtype[] = ['F32', 'F16', 'BF16', 'I8', 'U8', 'I32', 'I64'];
  const tensor = fc
    .record({
      dtype: fc.constantFrom(...dtypes),
      shape: fc.array(fc.nat(4), { maxLength: 3 }),
    })
    .chain(({ dtype, shape }) => {
      const length = countOf(shape) * widthOf(dtype);
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((bytes) => ({ dtype, shape, data: bytes.slice() }));
    });

  test('what was written is read back, each tensor at a multiple of its width', async () => {
    const name = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, tensor), { maxLength: 5, selector: ([name]) => name }),
        fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 2 }),
        async (named, metadata) => {
          const tensors = named.map(([name, { dtype, shape, data }]) => toNew(name, dtype, shape, data));
          const bytes = await collect(writeSafetensors(tensors, metadata));
          expect(bytes.length).toBe(sizeOfSafetensors(tensors, metadata));
          const weights = await readSafetensors(sourceOfBytes(bytes, 'x'));
          expect(new Map(weights.metadata)).toEqual(new Map(Object.entries(metadata)));
          expect(weights.tensors.size).toBe(named.length);
          for (const [name, { dtype, shape, data }] of named) {
            const entry = weights.entry(name);
            expect([entry.dtype, entry.shape]).toEqual([dtype, shape]);
            expect(entry.begin % widthOf(dtype)).toBe(0);
            expect([...(await weights.bytesOf(name))]).toEqual([...data]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a name given twice, and a tensor of another size than it says', async () => {
    const a = toNew('a', 'I8', [1], new Uint8Array(1));
    await expect(collect(writeSafetensors([a, a]))).rejects.toThrow('"a" is given twice.');
    await expect(collect(writeSafetensors([{ ...a, shape: [2] }]))).rejects.toThrow(
      '"a" gave 1 bytes, not 2.',
    );
  });
});

describe('to float16', () => {
  test('every half comes back as itself', async () => {
    const words = new Uint16Array(65536).map((_, bits) => bits);
    const weights = await readSafetensors(
      sourceOfBytes(await collect(writeSafetensors([toNew('a', 'F16', [65536], bytesOf(words))])), 'x'),
    );
    const back = toHalves(await weights.floats('a'));
    const wrong = [...words].filter((bits) => back[bits] !== bits && (bits & 0x7fff) <= 0x7c00);
    expect(wrong).toEqual([]);
    // NaN has many bits; any of them is NaN.
    expect(
      [...words].filter((bits) => (bits & 0x7fff) > 0x7c00 && ((back[bits] ?? 0) & 0x7fff) <= 0x7c00),
    ).toEqual([]);
  });

  // From IEEE 754: ties go to the even fraction.
  test.each([
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -24, 0x0002],
    [65519.99, 0x7bff],
    [-65520, 0xfc00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [-0, 0x8000],
  ])('%d is 0x%s', (value, bits) => {
    expect(toHalves(new Float32Array([value]))[0]).toBe(bits);
  });
});

describe('to int8', () => {
  test('the error is at most half the scale of the row', () => {
    // Sizes for which float32 has all its digits.
    const weight = fc
      .float({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true })
      .map((value) => (Math.abs(value) < 1e-30 ? 0 : value));
    const rows = fc.array(fc.array(weight, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, (table) => {
        const floats = Float32Array.from(table.flat());
        const { values, scales } = toInt8Rows(floats, table.length);
        floats.forEach((value, i) => {
          const row = Math.floor(i / 3);
          const scale = scales[row] ?? 0;
          const largest = Math.max(...(table[row] ?? []).map(Math.abs));
          expect(scale).toBe(Math.fround(largest / 127));
          expect(Math.abs((values[i] ?? 0) * scale - value)).toBeLessThanOrEqual(
            scale / 2 + largest * 2 ** -23,
          );
        });
      }),
    );
  });

  test('a row of zeros stays zeros', () => {
    expect([...toInt8Rows(new Float32Array(4), 2).values]).toEqual([0, 0, 0, 0]);
  });
});

describe('a checkpoint converted', () => {
  test('a table beside which there is a tensor of the name that its scales would have stays float16', async () => {
    const rows = new Float32Array(64 * 64).fill(0.5);
    const given = ['x', 'x_scale', 'y', 'y_zero_point'].map((name) =>
      toNew(name, 'F32', [64, 64], bytesOf(rows)),
    );
    const source = sourceOfBytes(await collect(writeSafetensors(given)), 'x');
    const { pieces } = await convertCheckpoint(await readSafetensors(source), 'int8');
    const found = await readSafetensors(sourceOfBytes(await collect(pieces()), 'x'));
    const types = ['x', 'x_scale', 'x_scale_scale', 'y', 'y_zero_point'].map(
      (name) => found.entry(name).dtype,
    );
    expect(types).toEqual(['F16', 'I8', 'F32', 'F16', 'I8']);
    expect([...(await found.floats('x_scale'))]).toEqual([...rows]);
  });

  const table = Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i * i) * (1 + (i >> 6)));
  const positions = table.map((value) => value / 3);
  const bias = Float32Array.from({ length: 64 }, (_, i) => i / 7);
  const given: NewTensor[] = [
    toNew('table.weight', 'F32', [64, 64], bytesOf(table)),
    toNew('position_embedding.weight', 'F32', [64, 64], bytesOf(positions)),
    toNew('bias', 'F32', [64], bytesOf(bias)),
    toNew('brain', 'BF16', [2], bytesOf(new Uint16Array([0x3f80, 0x4049]))),
    toNew('huge', 'F32', [2], bytesOf(new Float32Array([1, 1e6]))),
    toNew('mask', 'F32', [64, 64], bytesOf(new Float32Array(4096).fill(Number.NEGATIVE_INFINITY))),
    toNew('position_ids', 'I64', [1, 2], bytesOf(new BigInt64Array([0n, 1n]))),
  ];
  const source = async () =>
    readSafetensors(
      sourceOfBytes(await collect(writeSafetensors(given, { format: 'pt' })), 'model.safetensors'),
    );
  const convert = async (precision: Precision) => {
    const converted = await convertCheckpoint(await source(), precision);
    const bytes = await collect(converted.pieces());
    expect(bytes.length).toBe(converted.bytes);
    expect(converted.keptFloat32).toEqual(['huge']);
    return readSafetensors(sourceOfBytes(bytes, 'converted'));
  };

  test('float16: within 2^-11, and what does not fit stays float32', async () => {
    const weights = await convert('float16');
    expect(Object.fromEntries([...weights.tensors].map(([name, { dtype }]) => [name, dtype]))).toEqual({
      'table.weight': 'F16',
      'position_embedding.weight': 'F16',
      bias: 'F16',
      brain: 'F16',
      huge: 'F32',
      mask: 'F16',
      position_ids: 'I64',
    });
    const halved = await weights.floats('table.weight', [64, 64]);
    table.forEach((value, i) => {
      expect(Math.abs((halved[i] ?? 0) - value)).toBeLessThanOrEqual(
        Math.max(Math.abs(value) * 2 ** -11, 2 ** -25),
      );
    });
    expect([...(await weights.floats('brain'))]).toEqual([1, 3.140625]);
    expect([...(await weights.floats('huge'))]).toEqual([1, 1e6]);
    expect((await weights.floats('mask'))[5]).toBe(Number.NEGATIVE_INFINITY);
    expect([...(await weights.integers('position_ids'))]).toEqual([0, 1]);
    expect(weights.metadata.get('precision')).toBe('float16');
  });

  test('int8: tables with a scale a row; positions, short tensors and infinities as float16', async () => {
    const weights = await convert('int8');
    expect(Object.fromEntries([...weights.tensors].map(([name, { dtype }]) => [name, dtype]))).toEqual({
      'table.weight': 'I8',
      'table.weight_scale': 'F32',
      'position_embedding.weight': 'F16',
      bias: 'F16',
      brain: 'F16',
      huge: 'F32',
      mask: 'F16',
      position_ids: 'I64',
    });
    const read = await weights.floats('table.weight', [64, 64]);
    for (let row = 0; row < 64; row++) {
      const largest = Math.max(...table.subarray(row * 64, row * 64 + 64).map(Math.abs));
      for (let i = row * 64; i < row * 64 + 64; i++) {
        // 1/254 of the row's largest, and the rounding of int8 × scale.
        expect(Math.abs((read[i] ?? 0) - (table[i] ?? 0))).toBeLessThanOrEqual(
          largest * (1 / 254 + 2 ** -23),
        );
      }
    }
    // What is converted already stays as it is.
    const again = await convertCheckpoint(weights, 'int8');
    const twice = await readSafetensors(sourceOfBytes(await collect(again.pieces()), 'twice'));
    expect([...(await twice.floats('table.weight'))]).toEqual([...read]);
  });

  test('tells its progress and stops when it is told to', async () => {
    const checkpoint = await source();
    const seen: number[] = [];
    const converted = await convertCheckpoint(checkpoint, 'float16', {
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(seen.at(-1)).toBe(1);
    const stop = new AbortController();
    const writing = collect(converted.pieces({ signal: stop.signal, onProgress: () => stop.abort() }));
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    await expect(convertCheckpoint(checkpoint, 'int8', { signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('tables that are larger than a binding', () => {
  test('CLIP’s token table fits one binding as it is, twice as wide it takes two', () => {
    expect(rowBlocks(49_408, 512 * 4)).toEqual([{ begin: 0, end: 49_408 }]);
    expect(rowBlocks(49_408, 1024 * 4)).toEqual([
      { begin: 0, end: 24_704 },
      { begin: 24_704, end: 49_408 },
    ]);
    expect(BINDING_BYTES).toBe(134_217_728);
  });

  test('blocks follow one another, fit, are even, and are as few as can be', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 64, max: 4000 }),
        (rows, rowBytes, limit) => {
          const blocks = rowBlocks(rows, rowBytes, limit);
          const sizes = blocks.map(({ begin, end }) => end - begin);
          expect(blocks.map(({ begin }) => begin)).toEqual(
            [0, ...blocks.map(({ end }) => end)].slice(0, blocks.length),
          );
          expect(sizes.reduce((a, b) => a + b, 0)).toBe(rows);
          for (const size of sizes) expect(size * rowBytes).toBeLessThanOrEqual(limit);
          expect(Math.max(0, ...sizes) - Math.min(...sizes, Math.max(0, ...sizes))).toBeLessThanOrEqual(1);
          expect(blocks.length).toBe(Math.ceil(rows / Math.floor(limit / rowBytes)));
        },
      ),
    );
  });

  test('a table in memory is cut into views of it', () => {
    const values = Float32Array.from({ length: 10 }, (_, i) => i);
    const blocks = splitTable(values, [5, 2], 16);
    expect(blocks.map(({ begin, end, values }) => [begin, end, [...values]])).toEqual([
      [0, 1, [0, 1]],
      [1, 3, [2, 3, 4, 5]],
      [3, 5, [6, 7, 8, 9]],
    ]);
    expect(blocks[1]?.values.buffer).toBe(values.buffer);
    expect(() => splitTable(values, [1, 10], 39)).toThrow(
      'A row of 40 bytes is larger than a binding can be here (39 bytes).',
    );
  });
});

function toNew(name: string, dtype: Dtype, shape: readonly number[], data: Bytes): NewTensor {
  return { name, dtype, shape, bytes: async () => data };
}

async function collect(pieces: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(await new Blob(all).arrayBuffer());
}

function bytesOf({ buffer }: { buffer: ArrayBuffer }): Bytes {
  return new Uint8Array(buffer);
}
