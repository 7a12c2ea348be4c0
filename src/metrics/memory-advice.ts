import { formatBytes, GpuOutOfMemory } from '../gpu/errors.ts';
import type { MetricSet } from './engine.ts';
import { NotEnoughMemory } from './errors.ts';
import { isSymbols, type NamedSet, valuesOf } from './sets.ts';

/**
 * Says what a set that was refused would need, and which ways of keeping it are known to fit.
 *
 * @param way what one of its rows takes on the GPU in the way that was tried, and whether there are others
 * @param granted bytes that the GPU gave before it refused
 * @returns the error itself when it is not about memory
 */
export function adviseOnMemory(
  error: unknown,
  { set, what }: NamedSet,
  { rowBytes, isOnlyWay }: { readonly rowBytes: number; readonly isOnlyWay: boolean },
  granted: number,
): unknown {
  if (!(error instanceof GpuOutOfMemory)) return error;
  const rows = valuesOf(set).length / set.dimension;
  const fit = Math.floor(granted / rowBytes);
  const smaller = (isOnlyWay ? [] : waysToKeep(set)).filter((way) => way.rowBytes < rowBytes);
  const told = smaller.map(({ name, rowBytes: bytes }) => {
    return `As ${name} they take ${formatBytes(rows * bytes)}${rows * bytes <= granted ? ', which fits' : ''}. `;
  });
  return new NotEnoughMemory(
    `${what} (${count(rows)} × ${count(set.dimension)}) need ${formatBytes(rows * rowBytes)} of GPU memory; ` +
      `it gave ${formatBytes(granted)}, enough for ${count(fit)} of them. ${told.join('')}` +
      'Use fewer vectors, or close other pages.',
  );
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** In bytes a row, with its side number. */
function waysToKeep(set: MetricSet): { name: string; rowBytes: number }[] {
  if (isSymbols(set)) return [];
  return [
    { name: '16-bit floats (storage "float16")', rowBytes: Math.ceil(set.dimension / 4) * 8 + 4 },
    { name: 'bits (metric "hamming")', rowBytes: Math.ceil(set.dimension / 128) * 16 + 4 },
  ];
}
