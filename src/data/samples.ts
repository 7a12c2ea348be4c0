import { z } from 'zod';
import type { Job } from '../common/job.ts';
import { UnreadableFile } from './errors.ts';
import { readZip } from './readers/zip.ts';
import type { Source } from './sources.ts';

/** `samples.json`, as tools/make-samples.py writes it. */
const samplesSchema = z.object({
  pictures: z.array(z.object({ file: z.string(), name: z.string(), tags: z.array(z.string()) })).readonly(),
  words: z.array(z.string()).readonly(),
});

/**
 * The sample set: pictures with their names and tags, and a few words for them, ready for `intake`.
 *
 * @param baseUrl  of the folder with samples.json and samples.zip, ending in a slash
 * @throws {UnreadableFile} when the set cannot be loaded
 */
export async function loadSamples(baseUrl: string, { signal, onProgress }: Job = {}): Promise<Source[]> {
  const list = samplesSchema.parse(await (await load(`${baseUrl}samples.json`, signal)).json());
  const response = await load(`${baseUrl}samples.zip`, signal);
  const entries = await readZip(await download(response, onProgress));
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const pictures = list.pictures.map(({ file, name, tags }): Source => {
    const entry = byPath.get(file);
    if (!entry) throw new UnreadableFile(`samples.zip lacks ${file}, which samples.json names`);
    return { name, path: 'sample', size: entry.size, tags, blob: () => entry.open() };
  });
  const words = new Blob([list.words.join('\n')]);
  return [...pictures, { name: 'words.txt', path: 'sample', size: words.size, blob: async () => words }];
}

async function load(url: string, signal: AbortSignal | undefined): Promise<Response> {
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok)
    throw new Error(`The sample set could not be loaded: ${url} answered ${response.status}.`);
  return response;
}

async function download(response: Response, onProgress: Job['onProgress']): Promise<Blob> {
  const total = Number(response.headers.get('content-length') ?? 0);
  let done = 0;
  const counted = response.body?.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        done += chunk.length;
        onProgress?.(done, Math.max(total, done), 'Loading the sample set');
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted).blob();
}
