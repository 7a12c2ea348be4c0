import { Sha256 } from '../common/sha256.ts';
import type { Id } from './item.ts';

/**
 * SHA-256 in hex. Browsers offer it only on https and localhost; a page from a classroom's plain http server gets
 * the same answer from our own loop, about ten times slower.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Id> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return new Sha256().update(bytes).hex();
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Id of a text: of its UTF-8 bytes in normal form C, so that é is é however it was typed. */
export function textId(text: string): Promise<Id> {
  return sha256(new TextEncoder().encode(text.normalize('NFC')));
}
