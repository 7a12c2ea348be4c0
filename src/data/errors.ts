/**
 * A file that cannot be taken in. The message completes a sentence that begins with the file's name:
 * "is an HTML page, not a picture".
 */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/** The sentence a person reads: "x.png is an HTML page, not a picture." */
export function reasonFor(fileName: string, error: unknown): string {
  const base = fileName.slice(fileName.lastIndexOf('/') + 1) || fileName;
  if (error instanceof UnreadableFile) return `${base} ${error.message}.`;
  if (error instanceof DOMException && error.name === 'NotFoundError')
    return `${base} is no longer there: it was moved, renamed or deleted after it was chosen.`;
  if (error instanceof DOMException && error.name === 'NotReadableError')
    return `${base} could not be read: another program has it open, or you have no permission to read it.`;
  const detail = error instanceof Error && error.message !== '' ? ` (${error.message})` : '';
  return `${base} could not be read${detail}.`;
}

/** Bytes in the unit a person thinks in: "5.0 GB". Decimal units, as systems show them. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** "30,000" */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}
