/**
 * Samples as a WAV file: one channel, 16-bit PCM, little-endian (RIFF, Microsoft and IBM 1991).
 *
 * @param samples −1..1; what is beyond is cut
 */
export function encodeWav(samples: Float32Array, rateHz: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const word = (at: number, letters: string): void => bytes.set(new TextEncoder().encode(letters), at);
  word(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  word(8, 'WAVE');
  word(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, i) => {
    view.setInt16(HEADER_BYTES + 2 * i, Math.round(32_767 * Math.min(1, Math.max(-1, sample))), true);
  });
  return bytes;
}

const HEADER_BYTES = 44;
