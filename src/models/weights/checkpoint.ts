import { type ByteSource, readRange } from './byte-source.ts';
import { InvalidWeights, quote } from './errors.ts';
import { countOf, type Dtype, type TensorEntry } from './header.ts';
import { dequantize, toFloats, toIntegers, toWords } from './values.ts';

/** int8 values and the scale of each row: value = int8 × scale. */
export interface QuantizedRows {
  /** rows × columns, row-major; the first axis is the rows, all others together the columns. */
  readonly values: Int8Array<ArrayBuffer>;
  /** One a row. */
  readonly scales: Float32Array<ArrayBuffer>;
}

/** A tensor and the file it lies in. */
export interface StoredTensor extends TensorEntry {
  readonly source: ByteSource;
}

const OTHER_MODEL = 'It is of another model than was expected; choose another.';
const SCALE_TYPES: readonly Dtype[] = ['F32', 'F16', 'BF16'];

/**
 * The tensors of a model, from one file or several. Each is read from its file when it is asked for and not kept, so that memory holds
 * no more than the caller keeps. A tensor's values are asked for by name, and by shape where that is known, so that a file of another
 * model is refused by name.
 *
 * int8: an I8 tensor `x` has its scales in the tensor `x_scale` (F32, F16 or BF16; a scale a row, as [rows] or [rows, 1], or a single
 * one), and value = int8 × scale. So are named the weights of the compressed-tensors library, and those that this app converts.
 */
export class Checkpoint {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** For messages. */
  readonly #name: string;

  constructor(
    name: string,
    tensors: ReadonlyMap<string, StoredTensor>,
    metadata: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#name = name;
    this.tensors = tensors;
    this.metadata = metadata;
  }

  /** Of all tensors together, as they are stored. */
  get bytes(): number {
    let sum = 0;
    for (const { begin, end } of this.tensors.values()) sum += end - begin;
    return sum;
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** @throws {InvalidWeights} when there is no such tensor */
  entry(name: string): StoredTensor {
    const entry = this.tensors.get(name);
    if (entry) return entry;
    throw new InvalidWeights(this.#name, `it has no ${quote(name)}`, OTHER_MODEL, name);
  }

  /**
   * The values of an F32, F16, BF16 or (with scales) I8 tensor, row-major. Exact for the first three, with subnormal numbers, infinities
   * and NaN as they are stored; int8 × scale is rounded to float32.
   *
   * @param shape the one it must have; none to take any
   * @throws {InvalidWeights} when it is missing, has another shape or is of a type that is not floats
   */
  async floats(name: string, shape?: readonly number[]): Promise<Float32Array<ArrayBuffer>> {
    const entry = this.#shaped(name, shape);
    return this.#floats(entry, 0, rowsOf(entry.shape));
  }

  /**
   * Some rows of a tensor as {@link floats} gives them, without reading the others: for tables that are larger than one binding.
   *
   * @param begin the first row (along the first axis)
   * @param end behind the last
   */
  async rows(name: string, begin: number, end: number): Promise<Float32Array<ArrayBuffer>> {
    const entry = this.entry(name);
    const rows = rowsOf(entry.shape);
    if (!(begin >= 0 && begin <= end && end <= rows))
      throw new RangeError(`Rows ${begin} to ${end} of ${quote(name)}, which has ${rows}.`);
    return this.#floats(entry, begin, end);
  }

  /** The 16-bit words of an F16 tensor, as a kernel that reads halves takes them. @throws {InvalidWeights} when it is not F16 */
  async halves(name: string, shape?: readonly number[]): Promise<Uint16Array<ArrayBuffer>> {
    const entry = this.#shaped(name, shape);
    if (entry.dtype !== 'F16') throw this.#otherType(entry, 'F16');
    return toWords(await this.bytesOf(name));
  }

  /** An int8 tensor with its scales, left as int8. @throws {InvalidWeights} when it is not I8, or its scales are missing or do not fit */
  async quantized(name: string, shape?: readonly number[]): Promise<QuantizedRows> {
    const entry = this.#shaped(name, shape);
    if (entry.dtype !== 'I8') throw this.#otherType(entry, 'I8');
    const rows = rowsOf(entry.shape);
    return { values: int8(await this.bytesOf(name)), scales: await this.#scales(entry, 0, rows) };
  }

  /** The values of an integer tensor. @throws {InvalidWeights} when it is of another type, or a value is beyond 32 bits */
  async integers(name: string, shape?: readonly number[]): Promise<Int32Array<ArrayBuffer>> {
    const { dtype, source } = this.#shaped(name, shape);
    return toIntegers(await this.bytesOf(name), { dtype, name, file: source.name });
  }

  /** The bytes of a tensor as they are stored. They may be a view of memory that others see: not to be changed. */
  async bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.entry(name);
    return readRange(entry.source, entry.begin, entry.end, name);
  }

  async #floats(entry: StoredTensor, begin: number, end: number): Promise<Float32Array<ArrayBuffer>> {
    const { name, dtype, shape, source } = entry;
    const rowBytes = rowsOf(shape) === 0 ? 0 : (entry.end - entry.begin) / rowsOf(shape);
    const read = () => readRange(source, entry.begin + begin * rowBytes, entry.begin + end * rowBytes, name);
    if (dtype === 'F32' || dtype === 'F16' || dtype === 'BF16') return toFloats(await read(), dtype);
    if (dtype === 'I8') return dequantize(int8(await read()), await this.#scales(entry, begin, end));
    throw this.#otherType(entry, 'F32, F16, BF16 or I8 with scales');
  }

  /** The scales of an int8 tensor's rows. */
  async #scales(entry: StoredTensor, begin: number, end: number): Promise<Float32Array<ArrayBuffer>> {
    const { name, shape, source } = entry;
    const rows = rowsOf(shape);
    const scaleName = scaleNameOf(name);
    const scale = this.tensors.get(scaleName);
    const broken = (what: string) =>
      new InvalidWeights(source.name, what, 'Get the model in float16 or float32 instead.', name);
    if (!scale) throw broken(`${quote(name)} is int8 and has no scales (${quote(scaleName)})`);
    if (this.tensors.has(zeroPointNameOf(name)))
      throw broken(`${quote(name)} has zero points, which are not read`);
    const count = countOf(scale.shape);
    if (!SCALE_TYPES.includes(scale.dtype) || (count !== rows && count !== 1)) {
      throw broken(
        `${quote(scaleName)} is ${scale.dtype} ${shapeText(scale.shape)}, which is no scale a row of ${shapeText(shape)}`,
      );
    }
    const scales = await this.#floats(scale, 0, rowsOf(scale.shape));
    return count === rows ? scales.slice(begin, end) : new Float32Array(end - begin).fill(scales[0] ?? 0);
  }

  #shaped(name: string, shape: readonly number[] | undefined): StoredTensor {
    const entry = this.entry(name);
    if (!shape || sameShape(entry.shape, shape)) return entry;
    throw new InvalidWeights(
      entry.source.name,
      `${quote(name)} is ${shapeText(entry.shape)}, not ${shapeText(shape)}`,
      OTHER_MODEL,
      name,
    );
  }

  #otherType({ name, dtype, source }: StoredTensor, wanted: string): InvalidWeights {
    return new InvalidWeights(source.name, `${quote(name)} is ${dtype}, not ${wanted}`, OTHER_MODEL, name);
  }
}

/** Where the scales of an int8 tensor are. */
export function scaleNameOf(name: string): string {
  return `${name}_scale`;
}

/** Where the zero points of an int8 tensor are, which are not read. */
export function zeroPointNameOf(name: string): string {
  return `${name}_zero_point`;
}

/** Length of the first axis; 1 without axes. */
export function rowsOf(shape: readonly number[]): number {
  return shape[0] ?? 1;
}

function int8(bytes: Uint8Array<ArrayBuffer>): Int8Array<ArrayBuffer> {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join('×');
}
