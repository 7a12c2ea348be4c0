import type { Job } from '../../common/job.ts';
import type { FileSink } from '../store/model-store.ts';
import { Sha256 } from '../store/sha256.ts';
import { contentFault, HEAD_BYTES } from './content.ts';
import { DownloadFailed } from './errors.ts';
import { drop, type Fetch, get, hostOf, reasonOf, type Wanted } from './request.ts';

export interface Download extends Job {
  readonly url: string;
  /** What the file is called in messages. */
  readonly file: string;
  /** Where known, the file is held to it. */
  readonly expectedBytes?: number | undefined;
  /** Where known, in hex, the file is held to it. */
  readonly sha256?: string | undefined;
  /** Milliseconds without a byte after which the server is given up. */
  readonly patience?: number | undefined;
  readonly fetch?: Fetch | undefined;
}

/** A slow line gives a byte at least every few seconds; this long without any means that nothing comes any more. */
const PATIENCE = 60_000;

const AGAIN = 'Load the model again: this file starts anew, complete ones are kept.';

/**
 * Downloads a file whole into the sink, checked for size and SHA-256 while it comes in. The sink is closed only when all is right;
 * after any failure or a cancel it is aborted, so that nothing half is ever used.
 *
 * Progress is in bytes; the total is 0 while it is not known.
 *
 * @returns what the sink was closed with
 * @throws {DownloadFailed} naming the file, the fault and what to do; what the sink throws; what the signal's reason is
 */
export async function downloadFile(
  download: Download,
  sink: FileSink,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  try {
    const content = await transfer(download, sink);
    await sink.close(content);
    return content;
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

async function transfer(
  {
    url,
    file,
    expectedBytes,
    sha256,
    patience = PATIENCE,
    fetch = globalThis.fetch,
    signal,
    onProgress,
  }: Download,
  sink: FileSink,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  signal?.throwIfAborted();
  const wanted: Wanted = { file, url };
  const watch = watchFor(patience, signal);
  const hash = new Sha256();
  const fail = (...[fault, what, remedy]: [DownloadFailed['fault'], string, string]) =>
    new DownloadFailed(wanted, fault, what, remedy);
  try {
    const response = await get(wanted, { signal: watch.signal, fetch });
    // Of a compressed answer this is the compressed length: good for progress, not for a verdict.
    const total = expectedBytes ?? Number(response.headers.get('content-length') ?? 0);
    if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) {
      await drop(response);
      throw fail('web page', ...wordsFor('web page', hostOf(url)));
    }
    const head = new Uint8Array(HEAD_BYTES);
    try {
      for await (const chunk of chunksOf(response)) {
        watch.pause();
        const before = hash.length;
        hash.update(chunk);
        if (before < HEAD_BYTES) {
          head.set(chunk.subarray(0, HEAD_BYTES - before), before);
          const fault = contentFault(head.subarray(0, hash.length));
          if (fault) throw fail(fault, ...wordsFor(fault, hostOf(url)));
        }
        if (expectedBytes !== undefined && hash.length > expectedBytes) {
          throw fail('wrong size', `is longer than the ${expectedBytes} bytes it should have`, OTHER_VERSION);
        }
        await sink.write(chunk);
        signal?.throwIfAborted();
        onProgress?.(hash.length, Math.max(total, total && hash.length), `Downloading ${file}`);
        watch.resume();
      }
    } catch (error) {
      if (watch.signal.aborted || !(error instanceof NetworkFault)) throw error;
      const of = total > 0 ? ` of ${total}` : '';
      throw fail('cut off', `was cut off after ${hash.length}${of} bytes (${error.message})`, AGAIN);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!watch.expired()) throw error;
    const after = hash.length === 0 ? 'no answer came' : `nothing more came after ${hash.length} bytes`;
    throw fail(
      'stalled',
      `was given up: ${after} for ${Math.round(patience / 1000)} s`,
      `Check the connection. ${AGAIN}`,
    );
  } finally {
    watch.end();
  }
  if (expectedBytes !== undefined && hash.length < expectedBytes) {
    throw fail('cut off', `was cut off after ${hash.length} of ${expectedBytes} bytes`, AGAIN);
  }
  const content = { bytes: hash.length, sha256: hash.hex() };
  if (sha256 !== undefined && content.sha256 !== sha256.toLowerCase()) {
    throw fail(
      'wrong checksum',
      'is not the file that was published (its SHA-256 differs)',
      `It was damaged or changed on its way. ${AGAIN}`,
    );
  }
  return content;
}

const OTHER_VERSION =
  'It was changed on the server, or something on the way puts another in its place. Choose the version anew, or another model.';

function wordsFor(fault: 'web page' | 'pointer', host: string): [string, string] {
  if (fault === 'pointer') {
    return [
      `is not the file but a Git LFS pointer to it on ${host}`,
      'That copy of the model is incomplete; choose another.',
    ];
  }
  return [
    `is a web page in the place of the file from ${host}`,
    'The network may ask for a sign-in (open any page to see), or the address may be wrong. Then load the model again.',
  ];
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new NetworkFault(error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Tells what the body's stream threw from what the sink did. */
class NetworkFault extends Error {
  override readonly name = 'NetworkFault';

  constructor(cause: unknown) {
    super(reasonOf(cause));
  }
}

/** Aborts when the signal does, or when too long passes between `resume` and `pause`. Begins as resumed. */
function watchFor(patience: number, signal: AbortSignal | undefined) {
  const control = new AbortController();
  let expired = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => control.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const pause = () => clearTimeout(timer);
  const resume = () => {
    timer = setTimeout(() => {
      expired = true;
      control.abort();
    }, patience);
  };
  resume();
  return {
    signal: control.signal,
    pause,
    resume,
    expired: () => expired,
    end() {
      pause();
      signal?.removeEventListener('abort', stop);
    },
  };
}
