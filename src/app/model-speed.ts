/** How fast models are on this device, as it shows while they work. */

interface Measured {
  readonly pictures: number;
  readonly milliseconds: number;
  readonly batches: number;
}

const measured = new Map<string, Measured>();

/** Takes a batch of a model into account. Its first batch counts only until there is another: kernels are compiled in it. */
export function recordSpeed(key: string, pictures: number, milliseconds: number): void {
  const before = measured.get(key);
  const sum =
    before && before.batches > 1
      ? { pictures: before.pictures + pictures, milliseconds: before.milliseconds + milliseconds }
      : { pictures, milliseconds };
  measured.set(key, { ...sum, batches: (before?.batches ?? 0) + 1 });
}

/** Pictures a second; undefined until the model has embedded some since the page was opened. */
export function speedOf(key: string): number | undefined {
  const found = measured.get(key);
  return found && found.milliseconds > 0 ? (1000 * found.pictures) / found.milliseconds : undefined;
}
