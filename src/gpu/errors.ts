/** The page cannot have a GPU device; `message` says why in words for the user. */
export class GpuUnavailable extends Error {
  override readonly name = 'GpuUnavailable';
}

/** The GPU refused memory. `bytes` is what was asked for in one piece, `held` what we had already. */
export class GpuOutOfMemory extends Error {
  override readonly name = 'GpuOutOfMemory';
  readonly bytes: number;
  readonly held: number;

  constructor(what: string, bytes: number, held: number, reason: string) {
    super(
      `The GPU has no ${formatBytes(bytes)} for ${what}: ${reason}. Use fewer vectors or close other pages.`,
    );
    this.bytes = bytes;
    this.held = held;
  }
}

/** A shader does not compile, or a command breaks the rules of WebGPU: a fault of this program. */
export class GpuFault extends Error {
  override readonly name = 'GpuFault';

  constructor(where: string, message: string) {
    super(`${where}: ${message}`);
  }
}

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
