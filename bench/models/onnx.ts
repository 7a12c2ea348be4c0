/**
 * Writes ONNX files (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), so that ONNX Runtime can run the networks that are
 * measured here, with the same weights: nothing has to be downloaded or kept for it.
 */

type Chunk = Uint8Array<ArrayBuffer>;
type Attribute = number | string | readonly number[] | { readonly float: number };

const FLOAT = 1;
const INT64 = 7;
// The first that has LayerNormalization, in a version that every ONNX Runtime of today reads.
const IR_VERSION = 8;
const OPSET = 17;

/** A graph that is put together node by node; values are named. */
export class OnnxGraph {
  readonly #nodes: Chunk[] = [];
  readonly #initializers: Chunk[] = [];
  readonly #inputs: Chunk[] = [];
  readonly #outputs: Chunk[] = [];
  #count = 0;

  input(name: string, type: 'float' | 'int64', shape: readonly number[]): string {
    this.#inputs.push(...message(11, valueInfo(name, type === 'float' ? FLOAT : INT64, shape)));
    return name;
  }

  output(name: string, shape: readonly number[]): void {
    this.#outputs.push(...message(12, valueInfo(name, FLOAT, shape)));
  }

  floats(values: Float32Array<ArrayBuffer>, shape: readonly number[]): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.#initializer(FLOAT, shape, bytes);
  }

  integers(values: readonly number[]): string {
    const wide = BigInt64Array.from(values, BigInt);
    return this.#initializer(INT64, [values.length], new Uint8Array(wide.buffer));
  }

  /** Adds a node. @returns the name of its output, `as` where given */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    as = `v${this.#count++}`,
  ): string {
    const parts = [
      ...inputs.flatMap((input) => text(1, input)),
      ...text(2, as),
      ...text(4, operator),
      ...Object.entries(attributes).flatMap(([name, value]) => message(5, attribute(name, value))),
    ];
    this.#nodes.push(...message(1, parts));
    return as;
  }

  file(): Blob {
    const graph = [
      ...this.#nodes,
      ...text(2, 'bench'),
      ...this.#initializers,
      ...this.#inputs,
      ...this.#outputs,
    ];
    return new Blob([...integer(1, IR_VERSION), ...message(7, graph), ...message(8, integer(2, OPSET))]);
  }

  #initializer(type: number, shape: readonly number[], bytes: Chunk): string {
    const name = `w${this.#count++}`;
    const dimensions = shape.flatMap((size) => integer(1, size));
    const parts = [...dimensions, ...integer(2, type), ...text(8, name), ...message(9, [bytes])];
    this.#initializers.push(...message(5, parts));
    return name;
  }
}

function attribute(name: string, value: Attribute): Chunk[] {
  if (typeof value === 'number') return [...text(1, name), ...integer(3, value), ...integer(20, 2)];
  if (typeof value === 'string') return [...text(1, name), ...text(4, value), ...integer(20, 3)];
  if ('float' in value) {
    const bytes = new Uint8Array(Float32Array.of(value.float).buffer);
    return [...text(1, name), varint((2 << 3) | 5), bytes, ...integer(20, 1)];
  }
  return [...text(1, name), ...value.flatMap((entry) => integer(8, entry)), ...integer(20, 7)];
}

function valueInfo(name: string, type: number, shape: readonly number[]): Chunk[] {
  const dimensions = shape.flatMap((size) => message(1, integer(1, size)));
  const tensor = [...integer(1, type), ...message(2, dimensions)];
  return [...text(1, name), ...message(2, message(1, tensor))];
}

// Protocol Buffers (https://protobuf.dev/programming-guides/encoding): a field is its number and kind, then its content.

function integer(field: number, value: number): Chunk[] {
  return [varint(field << 3), varint(value)];
}

function text(field: number, value: string): Chunk[] {
  return message(field, [new TextEncoder().encode(value)]);
}

function message(field: number, parts: readonly Chunk[]): Chunk[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [varint((field << 3) | 2), varint(length), ...parts];
}

/** Seven bits a byte, lowest first; a negative number as 64 bits of two's complement. */
function varint(value: number): Chunk {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
