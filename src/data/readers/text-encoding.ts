import { UnreadableFile } from '../errors.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * Text of a file: a byte order mark decides; else UTF-8 where it is valid, UTF-16 where every other byte is zero
 * (Latin letters in UTF-16), and Windows-1252 for what is left, as web pages do (WHATWG Encoding).
 *
 * @throws {UnreadableFile} when the bytes are no text
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = detectEncoding(bytes);
  if (!encoding) throw new UnreadableFile('is not text');
  return new TextDecoder(encoding).decode(bytes);
}

/** @returns undefined when the bytes are no text; only the first 64 kB are looked at */
export function detectEncoding(bytes: Uint8Array): Encoding | undefined {
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return 'utf-8';
  if (startsWith(bytes, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(bytes, 0xfe, 0xff)) return 'utf-16be';
  const head = bytes.subarray(0, 65_536);
  const zeros = [0, 0];
  let controls = 0;
  for (let i = 0; i < head.length; i++) {
    const byte = head[i] ?? 0;
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
    else if (isControl(byte)) controls++;
  }
  const [even = 0, odd = 0] = zeros;
  if (even + odd > 0) {
    if (controls > 0) return undefined;
    // At least 2 of 5 characters are Latin, and hardly a zero stands where a letter should.
    if (odd * 5 >= head.length && even * 50 <= head.length) return 'utf-16le';
    if (even * 5 >= head.length && odd * 50 <= head.length) return 'utf-16be';
    return undefined;
  }
  if (controls > 0) return undefined;
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

function startsWith(bytes: Uint8Array, ...expected: number[]): boolean {
  return bytes.length >= expected.length && expected.every((byte, i) => bytes[i] === byte);
}

/** Control characters that no text has: all but tab, line feed, vertical tab, form feed, return and escape. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
