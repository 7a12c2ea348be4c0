// Reading weights: good files in every type, hostile headers, files that come as a stream or in shards.
import { openAsBlob } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOfBlob, sourceOfBytes } from '../../src/models/weights/byte-source.ts';
import { InvalidWeights } from '../../src/models/weights/errors.ts';
import {
  readSafetensors,
  readSharded,
  shardsOf,
  streamSafetensors,
} from '../../src/models/weights/safetensors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const FILE = 'some.safetensors';
const four = new Uint8Array(4);

const read = (bytes: Bytes) => readSafetensors(sourceOfBytes(bytes, FILE));

describe('a good file', () => {
  const data = bytesOf(
    new Float32Array([1.5, -2]),
    new BigInt64Array([7n, -1n]),
    new Int8Array([1, -127, 0, 5]),
    new Float32Array([0.5, 2]),
  );
  const header = {
    __metadata__: { format: 'pt' },
    a: entry('F32', [2], 0, 8),
    position_ids: entry('I64', [1, 2], 8, 24),
    table: entry('I8', [2, 2], 24, 28),
    table_scale: entry('F32', [2, 1], 28, 36),
  };

  test.each([
    ['in memory', async (bytes: Bytes) => sourceOfBytes(bytes.buffer, FILE)],
    ['as a Blob', async (bytes: Bytes) => sourceOfBlob(new Blob([bytes]), FILE)],
  ])('%s gives each tensor by name', async (_, open) => {
    const weights = await readSafetensors(await open(file(header, data)));
    expect([...weights.tensors.keys()]).toEqual(['a', 'position_ids', 'table', 'table_scale']);
    expect([...weights.metadata]).toEqual([['format', 'pt']]);
    expect(weights.bytes).toBe(36);
    expect([...(await weights.floats('a', [2]))]).toEqual([1.5, -2]);
    expect([...(await weights.integers('position_ids'))]).toEqual([7, -1]);
    expect([...(await weights.floats('table'))]).toEqual([0.5, -63.5, 0, 10]);
    expect([...(await weights.rows('table', 1, 2))]).toEqual([0, 10]);
    const { values, scales } = await weights.quantized('table');
    expect([[...values], [...scales]]).toEqual([
      [1, -127, 0, 5],
      [0.5, 2],
    ]);
  });

  test('reads nothing but the header and the tensor that is asked for', async () => {
    const source = sourceOfBytes(file(header, data), FILE);
    const asked: [number, number][] = [];
    const weights = await readSafetensors({
      ...source,
      read: (begin, end) => {
        asked.push([begin, end]);
        return source.read(begin, end);
      },
    });
    const start = source.size - data.length;
    expect(asked).toEqual([
      [0, 8],
      [8, start],
    ]);
    await weights.rows('a', 1, 2);
    expect(asked.at(-1)).toEqual([start + 4, start + 8]);
  });

  test('may hold scalars, empty tensors, and floats at an odd place', async () => {
    const odd = bytesOf(new Int8Array([9]), new Float32Array([0.25]));
    const weights = await read(
      file(
        {
          a: entry('I8', [1], 0, 1),
          none: entry('F32', [0, 7], 1, 1),
          b: entry('F32', [], 1, 5),
        },
        odd,
      ),
    );
    expect([...(await weights.floats('b', []))]).toEqual([0.25]);
    expect(await weights.floats('none')).toHaveLength(0);
    expect(await weights.rows('none', 0, 0)).toHaveLength(0);
  });

  test('a single int8 scale holds for all rows', async () => {
    const bytes = bytesOf(new Int8Array([1, 2, 3, 4]), new Float32Array([0.5]));
    const weights = await read(
      file({ t: entry('I8', [2, 2], 0, 4), t_scale: entry('F32', [], 4, 8) }, bytes),
    );
    expect([...(await weights.floats('t'))]).toEqual([0.5, 1, 1.5, 2]);
    expect([...(await weights.rows('t', 1, 2))]).toEqual([1.5, 2]);
  });
});

test.each([
  ['efficientnet-lite0.fp16', 'F16'],
  ['all-minilm-l6-v2.int8', 'I8'],
  ['label-vectors.fp16', 'F16'],
])('%s, which the reference implementation wrote, is read', async (name, dtype) => {
  const blob = await openAsBlob(`public/models/${name}.safetensors`);
  const weights = await readSafetensors(sourceOfBlob(blob, name));
  const [first] = [...weights.tensors.values()].filter((tensor) => tensor.dtype === dtype);
  expect(first).toBeDefined();
  const bytes = await weights.bytesOf(first?.name ?? '');
  expect(bytes.some((byte) => byte !== 0)).toBe(true);
});

describe('16-bit floats are read exactly', () => {
  // Bits and values from IEEE 754-2008 §3.4: ones, largest, smallest normal, subnormal, signed zero, infinities.
  const HALVES: [number, number][] = [
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x83ff, -1023 * 2 ** -24],
    [0x8000, -0],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x3555, 0.333251953125],
    [0x7e01, Number.NaN],
  ];
  // The upper halves of float32: a bfloat16 has its exponent and 7 of its fraction bits.
  const BFLOATS: [number, number][] = [
    [0x3f80, 1],
    [0xbf80, -1],
    [0x7f7f, 2 ** 127 * (2 - 2 ** -7)],
    [0x0001, 2 ** -133],
    [0x8000, -0],
    [0x7f80, Number.POSITIVE_INFINITY],
    [0xff80, Number.NEGATIVE_INFINITY],
    [0x4049, 3.140625],
    [0x7fc1, Number.NaN],
  ];
  test.each([
    ['F16', HALVES],
    ['BF16', BFLOATS],
  ] as const)('%s', async (dtype, cases) => {
    const words = new Uint16Array(cases.map(([bits]) => bits));
    const weights = await read(
      file({ a: entry(dtype, [words.length], 0, words.byteLength) }, bytesOf(words)),
    );
    const values = await weights.floats('a');
    cases.forEach(([, value], i) => {
      expect(Object.is(values[i], value)).toBe(true);
    });
    if (dtype === 'F16') expect([...(await weights.halves('a'))]).toEqual([...words]);
  });
});

describe('a tensor that is not what was expected is refused by name', () => {
  const data = bytesOf(new Float32Array(2), new BigInt64Array([2n ** 40n]), new Int8Array(4));
  const weights = () =>
    read(
      file(
        {
          a: entry('F32', [2], 0, 8),
          big: entry('I64', [1], 8, 16),
          t: entry('I8', [4], 16, 20),
        },
        data,
      ),
    );
  const cases: [string, () => Promise<unknown>, string, string][] = [
    ['missing', async () => (await weights()).floats('b'), 'b', 'it has no "b"'],
    ['shape', async () => (await weights()).floats('a', [1, 2]), 'a', '"a" is 2, not 1×2'],
    [
      'no floats',
      async () => (await weights()).floats('big'),
      'big',
      '"big" is I64, not F32, F16, BF16 or I8',
    ],
    ['no halves', async () => (await weights()).halves('a'), 'a', '"a" is F32, not F16'],
    ['no integers', async () => (await weights()).integers('a'), 'a', '"a" is F32, where whole numbers'],
    ['no int8', async () => (await weights()).quantized('a'), 'a', '"a" is F32, not I8'],
    ['too large', async () => (await weights()).integers('big'), 'big', '"big" holds 1099511627776, beyond'],
    [
      'no scales',
      async () => (await weights()).floats('t'),
      't',
      '"t" is int8 and has no scales ("t_scale")',
    ],
  ];
  test.each(cases)('%s', async (_, ask, tensor, message) => {
    await expect(ask()).rejects.toThrow(InvalidWeights);
    await expect(ask()).rejects.toThrow(`${FILE} cannot be used as weights: ${message}`);
    await expect(ask()).rejects.toMatchObject({ file: FILE, tensor });
  });

  test.each([
    [
      'of another length',
      { t_scale: entry('F32', [3], 4, 16) },
      new Float32Array(3),
      '"t_scale" is F32 3, which is no',
    ],
    [
      'of whole numbers',
      { t_scale: entry('I32', [2], 4, 12) },
      new Int32Array(2),
      '"t_scale" is I32 2, which is no',
    ],
    [
      'with zero points',
      { t_scale: entry('F32', [2], 4, 12), t_zero_point: entry('I8', [2], 12, 14) },
      new Uint8Array(10),
      'has zero points',
    ],
  ])('scales %s', async (_, more, bytes, message) => {
    const weights = await read(
      file({ t: entry('I8', [2, 2], 0, 4), ...more }, bytesOf(new Int8Array(4), bytes)),
    );
    await expect(weights.floats('t')).rejects.toThrow(message);
  });

  test('a file that is gone when a tensor is asked for', async () => {
    const source = sourceOfBytes(file({ a: entry('F32', [1], 0, 4) }, four), FILE);
    let there = true;
    const weights = await readSafetensors({
      ...source,
      read: (begin, end) => (there ? source.read(begin, end) : Promise.reject(new Error('NotFoundError'))),
    });
    there = false;
    await expect(weights.floats('a')).rejects.toThrow(
      '"a" could not be read (NotFoundError). The file was moved',
    );
    const short = { ...source, read: async () => new Uint8Array(3) };
    await expect(readSafetensors(short)).rejects.toThrow('its header could not be read (3 of 8 bytes came).');
  });
});

describe('hostile headers are refused, and say why', () => {
  const cases: [string, Bytes, RegExp][] = [
    ['no bytes', new Uint8Array(0), /has 0 bytes, fewer/],
    [
      'a web page',
      text('<!doctype html><html><body>Sign in</body></html>'),
      /claim a header of \d{15,} bytes.*another format/,
    ],
    ['a header longer than the file', withLength(1000n, '{}'), /claims 1000 bytes, the file has 10/],
    [
      'a header of 2^64 - 1 bytes',
      withLength(2n ** 64n - 1n, '{}'),
      /claim a header of 18446744073709551615 bytes/,
    ],
    ['a header of 10 MB and a byte', withLength(10_000_001n, '{}'), /at most 10000000 are read/],
    ['no JSON', join(text('{"a":'), four), /not JSON/],
    ['an array', join(text('[]'), four), /does not begin with "\{"/],
    ['a byte order mark', join(text('\ufeff{}'), new Uint8Array(0)), /does not begin with "\{"/],
    ['bytes that are not UTF-8', join(new Uint8Array([0x7b, 0xff, 0x7d]), four), /not UTF-8/],
    [
      'deep nesting',
      join(text(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), four),
      /not (JSON|a tensor)/,
    ],
    ['null for a tensor', file({ a: null }, four), /entry for "a" is not a tensor/],
    [
      'offsets that are no numbers',
      file({ a: { ...entry('F32', [1], 0, 4), data_offsets: ['0', 4] } }, four),
      /not a tensor/,
    ],
    ['a negative offset', file({ a: entry('F32', [1], -4, 0) }, four), /not a tensor/],
    ['a fraction for a size', file({ a: entry('F32', [0.5], 0, 2) }, four), /not a tensor/],
    [
      'offsets the wrong way round',
      file({ a: entry('F32', [1], 4, 0) }, four),
      /ends at 0, before its begin at 4/,
    ],
    ['an unknown type', file({ a: entry('F4', [1], 0, 4) }, four), /unknown type "F4".*F32, F16, BF16/],
    [
      'a type of a prototype',
      file({ a: entry('constructor', [1], 0, 4) }, four),
      /unknown type "constructor"/,
    ],
    [
      'data beyond the file',
      file({ a: entry('F32', [2], 0, 8) }, four),
      /"a" ends at byte \d+, the file at \d+/,
    ],
    [
      'a size beyond numbers',
      file({ a: entry('F32', [2 ** 52, 2 ** 52], 0, 4) }, four),
      /needs \S+ bytes, has 4/,
    ],
    [
      'sizes that cancel out',
      file({ a: entry('F32', [2 ** 52, 2 ** 52, 0], 0, 4) }, four),
      /needs 0 bytes, has 4/,
    ],
    [
      'another size than the shape',
      file({ a: entry('F16', [1], 0, 4) }, four),
      /\(F16, 1\) needs 2 bytes, has 4/,
    ],
    ['more than 16 axes', file({ a: entry('F32', Array(17).fill(1), 0, 4) }, four), /not a tensor/],
    [
      'overlap',
      file({ a: entry('I8', [3], 0, 3), b: entry('I8', [2], 2, 4) }, four),
      /"b" overlaps the tensor before/,
    ],
    [
      'the same place twice',
      file({ a: entry('I8', [4], 0, 4), b: entry('I8', [4], 0, 4) }, four),
      /overlaps/,
    ],
    [
      'a gap',
      file({ a: entry('I8', [1], 0, 1), b: entry('I8', [2], 2, 4) }, four),
      /gap of 1 bytes before "b"/,
    ],
    ['bytes at the end', file({ a: entry('I8', [1], 0, 1) }, four), /3 bytes at its end belong to no tensor/],
    ['a name twice', join(text(`{"a":${json('I8', 0, 2)},"a":${json('I8', 2, 4)}}`), four), /has "a" twice/],
    [
      'a name twice, once escaped',
      join(text(`{"a":${json('I8', 0, 2)},"\\u0061":${json('I8', 2, 4)}}`), four),
      /"a" twice/,
    ],
    [
      'a field twice',
      join(text('{"a":{"dtype":"I8","dtype":"U8","shape":[4],"data_offsets":[0,4]}}'), four),
      /"dtype" twice/,
    ],
    [
      '__proto__',
      join(text(`{"__proto__":${json('I8', 0, 4)}}`), four),
      /named "__proto__", which is no name/,
    ],
    ['constructor', join(text(`{"constructor":${json('I8', 0, 4)}}`), four), /named "constructor"/],
    ['an empty name', join(text(`{"":${json('I8', 0, 4)}}`), four), /named "", which/],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }, new Uint8Array(0)), /not a table of texts/],
  ];
  test.each(cases)('%s', async (_, bytes, reason) => {
    const reading = read(bytes);
    await expect(reading).rejects.toThrow(InvalidWeights);
    await expect(reading).rejects.toThrow(/^some\.safetensors cannot be used as weights: .*\. .*\.$/);
    await expect(reading).rejects.toThrow(reason);
  });

  test('a long name is cut in the message', async () => {
    await expect(read(file({ ['n'.repeat(5000)]: 0 }, four))).rejects.toThrow(/^.{1,300}$/);
  });

  test('a megabyte of escapes in a header is no trouble', async () => {
    const header = { __metadata__: { a: '\n'.repeat(1_000_000) }, a: entry('F32', [1], 0, 4) };
    expect((await read(file(header, four))).has('a')).toBe(true);
  });

  test('whatever the bytes, it reads, whole or as a stream alike, or says InvalidWeights', async () => {
    const good = file({ a: entry('F32', [1], 0, 4), b: entry('I8', [2, 1], 4, 6) }, new Uint8Array(6));
    const change = fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255) });
    const header = fc
      .dictionary(
        fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('__proto__', '__metadata__', 'a')),
        fc.oneof(
          fc.jsonValue({ maxDepth: 2 }),
          fc.record({
            dtype: fc.constantFrom('F32', 'F16', 'I8', 'X'),
            shape: fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 }),
            data_offsets: fc.array(fc.integer({ min: -1, max: 9 }), { maxLength: 3 }),
          }),
        ),
        { maxKeys: 3 },
      )
      .map((object) => file(object, new Uint8Array(6)));
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 100 }).map((bytes) => bytes.slice()),
      fc.array(change, { maxLength: 4 }).map((changes) => {
        const bytes = good.slice();
        for (const { at, to } of changes) bytes[at] = to;
        return bytes;
      }),
      header,
    );
    await fc.assert(
      fc.asyncProperty(input, fc.integer({ min: 1, max: 40 }), async (bytes, step) => {
        const outcomes = await Promise.all([outcomeOf(bytes), outcomeOfStream(bytes, step)]);
        // A stream may find another fault first, but never takes a file that is refused whole.
        expect(outcomes[0] === 'refused').toBe(outcomes[1] === 'refused');
        expect(outcomes[1]).toEqual(outcomes[0]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('as a stream', () => {
  const whole = file(
    { a: entry('F32', [1], 0, 4), none: entry('F32', [0], 4, 4), b: entry('I8', [3], 4, 7) },
    bytesOf(new Float32Array([2.5]), new Int8Array([1, 2, 3])),
  );

  test.each([1, 3, 1000])('gives tensors in their order, in chunks of %i bytes', async (step) => {
    const seen: [string, number[]][] = [];
    for await (const { entry, bytes } of streamSafetensors(chunks(whole, step), FILE))
      seen.push([entry.name, [...bytes]]);
    expect(seen).toEqual([
      ['a', [...new Uint8Array(new Float32Array([2.5]).buffer)]],
      ['none', []],
      ['b', [1, 2, 3]],
    ]);
  });

  test('closes the stream when the reader stops', async () => {
    let closed = false;
    async function* source() {
      try {
        yield* chunks(whole, 4);
      } finally {
        closed = true;
      }
    }
    for await (const { entry } of streamSafetensors(source(), FILE)) if (entry.name === 'a') break;
    expect(closed).toBe(true);
  });

  test('cut off, or too long', async () => {
    await expect(drain(whole.slice(0, -1))).rejects.toThrow(`it ends after ${whole.length - 1} bytes`);
    await expect(drain(join(whole.slice(8), new Uint8Array(2), whole.length - 8 - 7))).rejects.toThrow(
      'belong to no tensor',
    );
  });
});

describe('in shards', () => {
  const one = file({ a: entry('F32', [1], 0, 4) }, bytesOf(new Float32Array([1])));
  const two = file(
    { b: entry('F32', [1], 0, 4), c: entry('F32', [1], 4, 8) },
    bytesOf(new Float32Array([2, 3])),
  );
  const shards = new Map([
    ['model-00001-of-00002.safetensors', one],
    ['model-00002-of-00002.safetensors', two],
  ]);
  const index = (map: object) =>
    sourceOfBytes(text(JSON.stringify({ metadata: { total_size: 12 }, weight_map: map })), 'index');
  const good = {
    a: 'model-00001-of-00002.safetensors',
    b: 'model-00002-of-00002.safetensors',
    c: 'model-00002-of-00002.safetensors',
  };
  const open = async (name: string) => {
    const bytes = shards.get(name);
    return bytes && sourceOfBytes(bytes, name);
  };

  test('each tensor comes from the shard that the index names', async () => {
    const weights = await readSharded(index(good), open);
    expect(await Promise.all(['a', 'b', 'c'].map(async (name) => (await weights.floats(name))[0]))).toEqual([
      1, 2, 3,
    ]);
    expect(await shardsOf(index(good))).toEqual([...shards.keys()]);
  });

  test.each([
    [
      'a shard that is missing',
      { a: 'model-00003.safetensors' },
      'its part "model-00003.safetensors" is missing',
    ],
    ['a tensor that is not in its shard', { c: good.a }, 'has no "c"'],
    ['a path that leads elsewhere', { a: '../secret.safetensors' }, 'which .safetensors file beside it'],
    ['another kind of file', { a: 'model.bin' }, 'which .safetensors file beside it'],
  ])('%s', async (_, map, message) => {
    const reading = readSharded(index(map), open);
    await expect(reading).rejects.toThrow(InvalidWeights);
    await expect(reading).rejects.toThrow(message);
  });

  test('an index that is no JSON, or has a name twice', async () => {
    const broken = (content: string) => readSharded(sourceOfBytes(text(content), 'index'), open);
    await expect(broken('<html>')).rejects.toThrow('index cannot be used as weights: it is not JSON');
    await expect(broken(`{"weight_map":{"a":"${good.a}","a":"${good.b}"}}`)).rejects.toThrow('"a" twice');
  });
});

async function outcomeOf(bytes: Bytes): Promise<unknown> {
  try {
    const { tensors } = await read(bytes);
    return [...tensors.values()].map(({ name, begin, end }) => [name, [...bytes.slice(begin, end)]]);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidWeights);
    return 'refused';
  }
}

async function outcomeOfStream(bytes: Bytes, step: number): Promise<unknown> {
  try {
    return await drain(bytes, step);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidWeights);
    return 'refused';
  }
}

async function drain(bytes: Bytes, step = 7): Promise<[string, number[]][]> {
  const seen: [string, number[]][] = [];
  for await (const { entry, bytes: values } of streamSafetensors(chunks(bytes, step), FILE)) {
    seen.push([entry.name, [...values]]);
  }
  return seen;
}

async function* chunks(bytes: Bytes, step: number): AsyncGenerator<Bytes, void, undefined> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
}

function entry(dtype: string, shape: number[], begin: number, end: number) {
  return { dtype, shape, data_offsets: [begin, end] };
}

function json(dtype: string, begin: number, end: number): string {
  return JSON.stringify(entry(dtype, [end - begin], begin, end));
}

function file(header: object, data: Bytes): Bytes {
  return join(text(JSON.stringify(header)), data);
}

function join(header: Bytes, data: Bytes, headerBytes: number = header.length): Bytes {
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length);
  return bytes;
}

function withLength(length: bigint, rest: string): Bytes {
  const bytes = join(text(rest), new Uint8Array(0));
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}

function text(content: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(content));
}

function bytesOf(...arrays: { buffer: ArrayBuffer; byteOffset: number; byteLength: number }[]): Bytes {
  const parts = arrays.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
