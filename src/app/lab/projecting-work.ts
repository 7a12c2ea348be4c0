/** What the projecting worker does: embeddings come in, places go out. */
import { align } from '../../projection/align.ts';
import { pca } from '../../projection/pca.ts';

export interface ProjectingWork {
  /**
   * @param rows of each modality that is shown: n × width, row-major
   * @param before places of the same items in the frame before, to lie like them
   * @returns items × 2, modality by modality
   */
  project(
    rows: readonly Float32Array[],
    width: number,
    before: Float32Array<ArrayBuffer> | undefined,
  ): Float32Array<ArrayBuffer>;
}

export const projectingWork: ProjectingWork = {
  project(rows, width, before) {
    const all = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of rows) {
      all.set(part, at);
      at += part.length;
    }
    const { positions } = pca(toUnitLength(all, width), width, 2);
    return before?.length === positions.length ? align(positions, before, 2) : positions;
  },
};

/** By direction alone, as all losses but VICReg's compare them. */
function toUnitLength(rows: Float32Array, width: number): Float32Array<ArrayBuffer> {
  const unit = new Float32Array(rows.length);
  for (let from = 0; from < rows.length; from += width) {
    let square = 0;
    for (let i = from; i < from + width; i++) square += (rows[i] ?? 0) ** 2;
    const length = Math.sqrt(square) || 1;
    for (let i = from; i < from + width; i++) unit[i] = (rows[i] ?? 0) / length;
  }
  return unit;
}
