import { contentFault, HEAD_BYTES } from './content.ts';
import { DownloadFailed } from './errors.ts';
import { drop, type Fetch, get, hostOf, reasonOf, type Wanted } from './request.ts';

/** How a server is asked. */
export interface Ask {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the server is given up; a minute unless said otherwise. */
  readonly patience?: number | undefined;
  readonly fetch?: Fetch | undefined;
}

/** A slow line gives a byte at least every few seconds; this long without any means that nothing comes any more. */
const PATIENCE = 60_000;

export const AGAIN = 'Load the model again: this file starts anew, complete ones are kept.';

/**
 * Asks for a file and hands on its bytes as they come, each chunk when the one before has been dealt with.
 *
 * @param take gets a chunk and how many bytes the server announced: 0 when it did not, fewer than come where it compresses
 * @returns how many bytes came
 * @throws {DownloadFailed} when it does not come, ends early, stalls, or is a web page or a pointer; what `take` throws; what the
 *   signal's reason is
 */
export async function receive(
  wanted: Wanted,
  { signal, patience = PATIENCE, fetch = globalThis.fetch }: Ask,
  take: (chunk: Uint8Array<ArrayBuffer>, announced: number) => Promise<void> | void,
): Promise<number> {
  signal?.throwIfAborted();
  const watch = watchFor(patience, signal);
  const head = new Uint8Array(HEAD_BYTES);
  let received = 0;
  try {
    const response = await get(wanted, { signal: watch.signal, fetch });
    const announced = Number(response.headers.get('content-length') ?? 0);
    if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) {
      await drop(response);
      throw otherContent(wanted, 'web page');
    }
    for await (const chunk of chunksOf(response)) {
      watch.pause();
      if (received < HEAD_BYTES) {
        head.set(chunk.subarray(0, HEAD_BYTES - received), received);
        const fault = contentFault(head.subarray(0, received + chunk.length));
        if (fault) throw otherContent(wanted, fault);
      }
      received += chunk.length;
      await take(chunk, announced);
      signal?.throwIfAborted();
      watch.resume();
    }
    return received;
  } catch (error) {
    signal?.throwIfAborted();
    if (watch.expired()) {
      const after = received === 0 ? 'no answer came' : `nothing more came after ${received} bytes`;
      const what = `was given up: ${after} for ${Math.round(patience / 1000)} s`;
      throw new DownloadFailed(wanted, 'stalled', what, `Check the connection. ${AGAIN}`);
    }
    if (!(error instanceof BrokenOff)) throw error;
    throw new DownloadFailed(
      wanted,
      'cut off',
      `was cut off after ${received} bytes (${error.message})`,
      AGAIN,
    );
  } finally {
    watch.end();
  }
}

/**
 * A file of text, whole.
 *
 * @throws {DownloadFailed} as {@link receive}, and when it is longer than `most` bytes
 */
export async function receiveText(wanted: Wanted, ask: Ask, most: number): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  await receive(wanted, ask, (chunk) => {
    bytes += chunk.length;
    if (bytes > most)
      throw new DownloadFailed(wanted, 'wrong size', 'is too long to be one', 'Choose another model.');
    parts.push(decoder.decode(chunk, { stream: true }));
  });
  return parts.join('') + decoder.decode();
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new BrokenOff(error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Tells what the network did from what the taker of the bytes did. */
class BrokenOff extends Error {
  override readonly name = 'BrokenOff';

  constructor(cause: unknown) {
    super(reasonOf(cause));
  }
}

function otherContent(wanted: Wanted, fault: 'web page' | 'pointer'): DownloadFailed {
  const host = hostOf(wanted.url);
  if (fault === 'pointer') {
    const what = `is not the file but a Git LFS pointer to it on ${host}`;
    return new DownloadFailed(wanted, fault, what, 'That copy of the model is incomplete; choose another.');
  }
  return new DownloadFailed(
    wanted,
    fault,
    `is a web page in the place of the file from ${host}`,
    'The network may ask for a sign-in (open any page to see), or the address may be wrong. Then load the model again.',
  );
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
