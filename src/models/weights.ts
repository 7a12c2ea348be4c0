import { InvalidWeights, quote } from './weights/errors.ts';
import { headerLength, PREFIX_BYTES, parseHeader, type TensorEntry } from './weights/header.ts';
import { toFloats } from './weights/values.ts';

const RELOAD = 'Reload the page to get the model anew.';

/** int8 values and the scale of each line: value = int8 × scale. */
export interface Quantized {
  readonly values: Int8Array<ArrayBuffer>;
  readonly scales: Float32Array<ArrayBuffer>;
}

/** The weights of one network of the embedded model, asked for by name and shape, so that a file of another model is refused by name. */
export class Weights {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #tensors: ReadonlyMap<string, TensorEntry>;
  readonly #file: string;

  /** @throws {InvalidWeights} when it is no safetensors file, or a damaged one */
  constructor(buffer: ArrayBuffer, file: string) {
    this.#bytes = new Uint8Array(buffer);
    this.#file = file;
    const { length } = this.#bytes;
    const end = PREFIX_BYTES + headerLength(this.#bytes.subarray(0, PREFIX_BYTES), file, length);
    this.#tensors = parseHeader(this.#bytes.subarray(PREFIX_BYTES, end), file, length).tensors;
  }

  /** The shape of a tensor. */
  shape(name: string): readonly number[] {
    return this.#tensor(name).shape;
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** F32 or F16 values, row-major. */
  floats(name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
    const { dtype, begin, end } = this.#shaped(name, shape);
    if (dtype !== 'F32' && dtype !== 'F16') throw this.#other(`${quote(name)} is ${dtype}, not F32 or F16`);
    return toFloats(this.#bytes.subarray(begin, end), dtype);
  }

  /** An int8 table `name.weight` (rows × columns) with a scale a row in `name.scale`, left as int8. */
  quantizedRows(name: string, shape: readonly [number, number]): Quantized {
    return {
      values: this.#int8(`${name}.weight`, shape),
      scales: this.floats(`${name}.scale`, [shape[0]]),
    };
  }

  /** An int8 matrix `name.weight` (in × out) with a scale a column in `name.scale`, as floats. */
  dequantizedColumns(name: string, shape: readonly [number, number]): Float32Array<ArrayBuffer> {
    const values = this.#int8(`${name}.weight`, shape);
    const columns = shape[1];
    const scales = this.floats(`${name}.scale`, [columns]);
    const floats = new Float32Array(values.length);
    for (let start = 0; start < values.length; start += columns) {
      for (let column = 0; column < columns; column++) {
        floats[start + column] = (values[start + column] ?? 0) * (scales[column] ?? 0);
      }
    }
    return floats;
  }

  /** As they lie in the file, not a copy. */
  #int8(name: string, shape: readonly number[]): Int8Array<ArrayBuffer> {
    const { dtype, begin, end } = this.#shaped(name, shape);
    if (dtype !== 'I8') throw this.#other(`${quote(name)} is ${dtype}, not I8`);
    return new Int8Array(this.#bytes.buffer, this.#bytes.byteOffset + begin, end - begin);
  }

  #shaped(name: string, shape: readonly number[]): TensorEntry {
    const tensor = this.#tensor(name);
    if (tensor.shape.length === shape.length && tensor.shape.every((size, axis) => size === shape[axis]))
      return tensor;
    throw this.#other(`${quote(name)} is ${tensor.shape.join('×')}, not ${shape.join('×')}`);
  }

  #tensor(name: string): TensorEntry {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw this.#other(`it has no ${quote(name)}`);
    return tensor;
  }

  #other(what: string): InvalidWeights {
    return new InvalidWeights(this.#file, what, RELOAD);
  }
}
