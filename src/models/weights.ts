import { readSafetensors, SafetensorsError, type StoredTensor, toFloat32, toInt8 } from './safetensors.ts';

/** int8 values and the scale of each line: value = int8 × scale. */
export interface Quantized {
  readonly values: Int8Array<ArrayBuffer>;
  readonly scales: Float32Array<ArrayBuffer>;
}

/** The weights of one network, asked for by name and shape, so that a file of another model is refused by name. */
export class Weights {
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #file: string;

  constructor(buffer: ArrayBuffer, file: string) {
    this.#tensors = readSafetensors(buffer, file);
    this.#file = file;
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
    return toFloat32(this.#shaped(name, shape), name);
  }

  /** An int8 table `name.weight` (rows × columns) with a scale a row in `name.scale`, left as int8. */
  quantizedRows(name: string, shape: readonly [number, number]): Quantized {
    return {
      values: toInt8(this.#shaped(`${name}.weight`, shape), `${name}.weight`),
      scales: this.floats(`${name}.scale`, [shape[0]]),
    };
  }

  /** An int8 matrix `name.weight` (in × out) with a scale a column in `name.scale`, as floats. */
  dequantizedColumns(name: string, shape: readonly [number, number]): Float32Array<ArrayBuffer> {
    const values = toInt8(this.#shaped(`${name}.weight`, shape), `${name}.weight`);
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

  #shaped(name: string, shape: readonly number[]): StoredTensor {
    const tensor = this.#tensor(name);
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis])) {
      throw new SafetensorsError(
        `${this.#file} is not the model that was expected: "${name}" is ${tensor.shape.join('×')}, not ${shape.join('×')}.`,
      );
    }
    return tensor;
  }

  #tensor(name: string): StoredTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor)
      throw new SafetensorsError(`${this.#file} is not the model that was expected: it has no "${name}".`);
    return tensor;
  }
}
