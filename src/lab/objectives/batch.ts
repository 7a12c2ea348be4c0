import type { Tensor2D } from '@tensorflow/tfjs-core';

/** Tensors that an objective cannot compare: too few items, or shapes that do not go together. */
export class UnfitBatch extends RangeError {
  override readonly name = 'UnfitBatch';
}

/**
 * @param objective as the interface names it, for messages
 * @param parts tensors that have a row for the same item each, by what they are called in messages
 * @throws {UnfitBatch} when there is a single item, no dimension, or one tensor has another shape than the first
 */
export function checkBatch(objective: string, parts: Readonly<Record<string, Tensor2D>>): void {
  const [first, ...others] = Object.entries(parts);
  if (first === undefined) throw new UnfitBatch(`${objective} was given nothing to compare.`);
  const [name, { shape }] = first;
  const [rows, columns] = shape;
  if (rows < 2) {
    throw new UnfitBatch(
      `${objective} compares the items of a batch with one another, and this batch has ${rows}. Choose a batch size of at least 2.`,
    );
  }
  if (columns < 1) throw new UnfitBatch(`${objective} was given embeddings without a dimension (${name}).`);
  for (const [other, { shape: found }] of others) {
    if (found[0] === rows && found[1] === columns) continue;
    throw new UnfitBatch(
      `${objective} needs a row of ${name} for each row of ${other}, equally long: ${name} is ${rows} × ${columns}, ${other} ${found[0]} × ${found[1]}.`,
    );
  }
}
