import { UnreadableFile } from '../errors.ts';

/** Numbers from bytes. Reading past the end is an UnreadableFile, never undefined. */
export class ByteReader {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.length = bytes.length;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(at: number): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number, little = false): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, little);
  }

  u32(at: number, little = false): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, little);
  }

  i32(at: number, little = false): number {
    this.#check(at, 4);
    return this.#view.getInt32(at, little);
  }

  /** Exact below 2^53, and no file is larger. */
  u64(at: number, little = false): number {
    const first = this.u32(at, little);
    const second = this.u32(at + 4, little);
    return little ? second * 2 ** 32 + first : first * 2 ** 32 + second;
  }

  /** One character a byte. */
  ascii(at: number, length: number): string {
    this.#check(at, length);
    return String.fromCharCode(...this.#bytes.subarray(at, at + length));
  }

  /** A view, not a copy. */
  bytes(at: number, length: number): Uint8Array {
    this.#check(at, length);
    return this.#bytes.subarray(at, at + length);
  }

  /** True when the bytes at `at` are exactly these; false past the end. */
  matches(at: number, expected: string): boolean {
    return at + expected.length <= this.length && this.ascii(at, expected.length) === expected;
  }

  #check(at: number, length: number): void {
    if (at < 0 || at + length > this.length)
      throw new UnreadableFile('is cut short: it ends before its header does');
  }
}

/** Size of a picture as its header states it, in pixels, before any turning by EXIF. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}
