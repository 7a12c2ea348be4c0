/** A model's folder under test/fixtures/, and what is held against its numbers. */
import { expect } from 'vitest';
import type { ModelFolder } from '../../src/models/architecture.ts';
import { modelFolder } from '../../src/models/model-folder.ts';
import { sourceOfBlob, sourceOfBytes } from '../../src/models/weights/byte-source.ts';
import type { Checkpoint } from '../../src/models/weights/checkpoint.ts';
import { convertCheckpoint, type Precision } from '../../src/models/weights/convert.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';

/** @param paths of its files, within it */
export async function fixtureFolder(folder: string, paths: readonly string[]): Promise<Map<string, Blob>> {
  const entries = paths.map(
    async (path): Promise<[string, Blob]> => [path, await blobOf(`${folder}/${path}`)],
  );
  return new Map(await Promise.all(entries));
}

export function folderOf(files: ReadonlyMap<string, Blob>): ModelFolder {
  return modelFolder('key', 'a model', files);
}

export async function reference(folder: string): Promise<Checkpoint> {
  const path = `${folder}/reference.safetensors`;
  return readSafetensors(sourceOfBytes(await (await blobOf(path)).arrayBuffer(), path));
}

/** The same files with smaller weights. */
export async function converted(
  files: ReadonlyMap<string, Blob>,
  precision: Precision,
): Promise<Map<string, Blob>> {
  const weights = files.get('model.safetensors') ?? new Blob();
  const checkpoint = await readSafetensors(sourceOfBlob(weights, 'model.safetensors'));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of (await convertCheckpoint(checkpoint, precision)).pieces())
    pieces.push(piece.slice());
  return new Map(files).set('model.safetensors', new Blob(pieces));
}

export async function blobOf(path: string): Promise<Blob> {
  const response = await fetch(`/test/fixtures/${path}`);
  expect(response.ok, path).toBe(true);
  return response.blob();
}

export function expectClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  name: string,
): void {
  expect(found.length, name).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((expected[i] ?? Number.NaN) - (found[i] ?? Number.NaN));
    if (!(error <= worst)) worst = error;
  }
  expect(worst, name).toBeLessThan(tolerance);
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
