// Loading the model's files: progress, checks, the offline copy, and every way in which a download fails.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchManifest, loadModelFiles, ModelLoadError } from '../../src/models/model-files.ts';

const BASE = 'https://models.example/';
const ROLES = ['image', 'text', 'joint', 'labels', 'tokenizer'] as const;

type Answer = () => Response | Promise<Response>;

let answers: Map<string, Answer>;
let asked: string[];

beforeEach(async () => {
  await caches.delete('nearfield-models');
  asked = [];
  answers = new Map();
  const files: Record<string, object> = {};
  for (const role of ROLES) {
    const bytes = new TextEncoder().encode(`the ${role} file`);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    files[role] = { path: `${role}.bin`, bytes: bytes.length, sha256: hex(digest) };
    answers.set(`${role}.bin`, () => new Response(bytes));
  }
  const manifest = JSON.stringify({
    format: 'nearfield-models-1',
    name: 'a model',
    key: '0123456789abcdef',
    files,
    picture: { size: 2, crop: 1, mean: 0, deviation: 1, dimension: 2, classes: 2 },
    text: { dimension: 2, layers: 1, heads: 1, vocabulary: 2, inner: 2, maxTokens: 2, epsilon: 1e-12 },
    joint: { dimension: 2, top: 1, power: 1 },
  });
  answers.set('manifest.json', () => new Response(manifest));
  vi.stubGlobal('fetch', async (url: string, { signal }: RequestInit = {}) => {
    signal?.throwIfAborted();
    const path = url.slice(BASE.length);
    asked.push(path);
    const answer = answers.get(path);
    return answer ? answer() : new Response('', { status: 404, statusText: 'Not Found' });
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('loading', () => {
  test('gives every file, with progress in bytes up to the total', async () => {
    const reports: [number, number][] = [];
    const { contents } = await loadModelFiles(BASE, {
      onProgress: (done, total) => reports.push([done, total]),
    });
    expect(new TextDecoder().decode(contents.image)).toBe('the image file');
    const [last, total] = reports.at(-1) ?? [0, 1];
    expect(last).toBe(total);
    expect(reports.map(([done]) => done)).toEqual(reports.map(([done]) => done).sort((a, b) => a - b));
  });

  test('a second time asks the network for the manifest only, and needs no network at all', async () => {
    await loadModelFiles(BASE);
    asked.length = 0;
    await loadModelFiles(BASE);
    expect(asked).toEqual(['manifest.json']);
    answers.clear();
    for (const path of ['manifest.json', ...ROLES.map((role) => `${role}.bin`)]) {
      answers.set(path, () => Promise.reject(new TypeError('Failed to fetch')));
    }
    const { contents, manifest } = await loadModelFiles(BASE);
    expect(manifest.key).toBe('0123456789abcdef');
    expect(contents.text.byteLength).toBe('the text file'.length);
    expect((await fetchManifest(BASE)).key).toBe('0123456789abcdef');
  });

  test('a login page in the place of the manifest does not hide the kept model', async () => {
    await loadModelFiles(BASE);
    answers.set('manifest.json', () => new Response('<html>Please log in</html>'));
    expect((await fetchManifest(BASE)).key).toBe('0123456789abcdef');
  });

  test('a kept copy that was damaged is fetched again', async () => {
    await loadModelFiles(BASE);
    const cache = await caches.open('nearfield-models');
    const kept = (await cache.keys()).find(({ url }) => url.includes('text.bin'));
    await cache.put(kept?.url ?? '', new Response('the t3xt file'));
    asked.length = 0;
    const { contents } = await loadModelFiles(BASE);
    expect(asked).toEqual(['manifest.json', 'text.bin']);
    expect(new TextDecoder().decode(contents.text)).toBe('the text file');
  });

  test('files of a model that was replaced are dropped', async () => {
    const cache = await caches.open('nearfield-models');
    await cache.put(`${BASE}old.bin?sha256=00`, new Response('old'));
    await loadModelFiles(BASE);
    expect((await cache.keys()).filter(({ url }) => url.includes('old.bin'))).toEqual([]);
  });
});

describe('a failure names the file and the reason, and a retry loads', () => {
  const cut = () => {
    const chunks = ['the'];
    return new Response(
      new ReadableStream({
        pull(controller) {
          const chunk = chunks.pop();
          if (chunk) controller.enqueue(new TextEncoder().encode(chunk));
          else controller.error(new TypeError('network error'));
        },
      }),
    );
  };
  const cases: [string, string, Answer, string][] = [
    [
      'refused',
      'text.bin',
      () => new Response('', { status: 403, statusText: 'Forbidden' }),
      'text.bin was refused by the server (403 Forbidden).',
    ],
    [
      'not reached',
      'text.bin',
      () => Promise.reject(new TypeError('Failed to fetch')),
      'text.bin could not be reached (Failed to fetch).',
    ],
    ['cut off by the network', 'text.bin', cut, 'text.bin was cut off after 3 of 13 bytes (network error).'],
    ['cut off silently', 'text.bin', () => new Response('the'), 'text.bin was cut off after 3 of 13 bytes.'],
    [
      'too long',
      'text.bin',
      () => new Response('x'.repeat(14)),
      'text.bin is longer than the 13 bytes that the manifest promises.',
    ],
    [
      'another content',
      'text.bin',
      () => new Response('THE text file'),
      'text.bin does not have the checksum that the manifest promises.',
    ],
    [
      'a web page for a manifest',
      'manifest.json',
      () => new Response('<!doctype html>'),
      'manifest.json is not JSON (it begins with "<!doctype html>").',
    ],
    [
      'another manifest',
      'manifest.json',
      () => new Response('{"format":"x"}'),
      'manifest.json is not a manifest of this version of Nearfield (at "format").',
    ],
  ];
  test.each(cases)('%s', async (_, path, answer, message) => {
    const good = answers.get(path);
    answers.set(path, answer);
    const failure = loadModelFiles(BASE);
    await expect(failure).rejects.toThrow(ModelLoadError);
    await expect(failure).rejects.toThrow(message);
    if (good) answers.set(path, good);
    await expect(loadModelFiles(BASE)).resolves.toBeDefined();
  });
});

test('an abort in the middle is an AbortError', async () => {
  const control = new AbortController();
  const loading = loadModelFiles(BASE, { signal: control.signal, onProgress: () => control.abort() });
  await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
});

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
