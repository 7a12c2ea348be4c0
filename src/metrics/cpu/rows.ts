/** Rows as the inner loops read them: `count` × `length` values, row-major. */
export interface Rows<T> {
  readonly values: T;
  readonly length: number;
  readonly count: number;
}

export type Floats = Rows<Float32Array<ArrayBuffer>>;
export type Words = Rows<Uint32Array<ArrayBuffer>>;

/** Those rows that are listed, in that order; all of them where there is no list. */
export function gatherFloats(rows: Floats, list: Uint32Array<ArrayBuffer> | undefined): Floats {
  return list ? gather(rows, list, new Float32Array(list.length * rows.length)) : rows;
}

export function gatherWords(rows: Words, list: Uint32Array<ArrayBuffer> | undefined): Words {
  return list ? gather(rows, list, new Uint32Array(list.length * rows.length)) : rows;
}

function gather<T extends Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  { values, length }: Rows<T>,
  list: Uint32Array<ArrayBuffer>,
  gathered: T,
): Rows<T> {
  list.forEach((row, i) => {
    gathered.set(values.subarray(row * length, (row + 1) * length), i * length);
  });
  return { values: gathered, length, count: list.length };
}
