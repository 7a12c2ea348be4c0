/** Rows of a table that fit one binding together. */
export interface RowBlock {
  readonly begin: number;
  /** Behind the last row. */
  readonly end: number;
}

/** What every WebGPU device can bind as one storage buffer (`maxStorageBufferBindingSize`, its default). */
export const BINDING_BYTES = 128 * 2 ** 20;

/**
 * Cuts a table into blocks of whole rows that each fit a binding: as few as can be, and of even size, so that none is a sliver.
 *
 * @param rows 0 and more; 0 gives no block
 * @param rowBytes what a row takes on the device
 * @param limit bytes that one binding may have
 * @throws {RangeError} when a single row is beyond the limit
 */
export function rowBlocks(rows: number, rowBytes: number, limit: number = BINDING_BYTES): RowBlock[] {
  if (rowBytes > limit)
    throw new RangeError(`A row of ${rowBytes} bytes is larger than a binding can be here (${limit} bytes).`);
  const most = rowBytes === 0 ? rows : Math.floor(limit / rowBytes);
  const count = Math.ceil(rows / Math.max(1, most));
  return Array.from({ length: count }, (_, i) => ({
    begin: Math.floor((i * rows) / count),
    end: Math.floor(((i + 1) * rows) / count),
  }));
}

/** Part of a table, its values a view of the table's. */
export interface TableBlock extends RowBlock {
  /** (end − begin) × columns, row-major. */
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * The blocks of a table in memory; {@link rowBlocks} says how they are cut.
 *
 * @param values rows × columns, row-major; not copied
 * @param limit bytes that one binding may have, at 4 bytes a value
 */
export function splitTable(
  values: Float32Array<ArrayBuffer>,
  [rows, columns]: readonly [number, number],
  limit: number = BINDING_BYTES,
): TableBlock[] {
  return rowBlocks(rows, columns * 4, limit).map(({ begin, end }) => ({
    begin,
    end,
    values: values.subarray(begin * columns, end * columns),
  }));
}
