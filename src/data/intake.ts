import type { PicturePreparation } from '../common/image.ts';
import { isAbort, type Job, orAborted } from '../common/job.ts';
import type { Decoder } from './decoder.ts';
import { formatBytes, reasonFor, UnreadableFile } from './errors.ts';
import type { Failure, Id, PictureItem, TextItem } from './item.ts';
import { LIMITS } from './limits.ts';
import type { DecodedPicture } from './raster.ts';
import { lengthFault, readPlainText } from './readers/plain-text.ts';
import { sniff } from './readers/sniff.ts';
import { readZip } from './readers/zip.ts';
import { textId } from './sha256.ts';
import { isHidden, type Source, withPlainName } from './sources.ts';

export type IntakeEvent =
  | ({ readonly type: 'picture'; readonly item: PictureItem } & Omit<DecodedPicture, 'width' | 'height'>)
  | { readonly type: 'text'; readonly item: TextItem }
  /** It was in the collection, or came earlier in this very intake. */
  | { readonly type: 'known'; readonly id: Id; readonly name: string }
  | { readonly type: 'failed'; readonly failure: Failure };

export interface IntakeOptions {
  /** True for what is in the collection already. */
  readonly known: (id: Id) => boolean;
  readonly preparation: PicturePreparation;
  readonly decoder: Decoder;
}

/**
 * Reads all sources, zips with what is in them, in their order. A few are decoded ahead of the consumer, never more: memory stays
 * bounded however slowly events are taken. A file that cannot be read becomes a `failed` event, and the others go on.
 *
 * Progress counts files: those done, of those found so far.
 *
 * @throws what the signal's reason is, once it is aborted; everything yielded until then stands
 */
export async function* intake(
  sources: Iterable<Source> | AsyncIterable<Source>,
  { known, preparation, decoder }: IntakeOptions,
  { signal, onProgress }: Job = {},
): AsyncGenerator<IntakeEvent, void, undefined> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const found = discover(sources, stopped);
  const taken: Taken = { pictures: new Map(), texts: new Set() };
  const running: Promise<IntakeEvent[]>[] = [];
  let started = 0;
  let done = 0;
  try {
    for (;;) {
      for (
        let next = found.queue[started];
        next && running.length < decoder.ahead;
        next = found.queue[started]
      ) {
        running.push(read(next, { known, preparation, decoder }, taken, stopped));
        started++;
      }
      const [first] = running;
      if (!first) {
        if (found.finished) break;
        await orAborted(found.more(), signal);
        continue;
      }
      const room = running.length < decoder.ahead && !found.finished;
      const events = await orAborted(room ? Promise.race([first, found.more()]) : first, signal);
      if (!events) continue;
      running.shift();
      const source = found.queue[started - running.length - 1];
      done++;
      onProgress?.(done, found.queue.length, source ? `Reading ${source.name}` : 'Reading');
      for (const event of events) {
        yield event;
        signal?.throwIfAborted();
      }
    }
    signal?.throwIfAborted();
  } finally {
    stop.abort();
  }
}

/** Items from text that was typed or pasted, a line an item, and the lines that are too long to be one. */
export async function textItems(
  text: string,
  source: 'typed' | 'pasted',
): Promise<{ items: TextItem[]; refused: Failure[] }> {
  const name = `The ${source} text`;
  const items: TextItem[] = [];
  const refused: Failure[] = [];
  for (const piece of readPlainText(text)) {
    const fault = lengthFault(piece);
    if (fault) refused.push({ name, reason: reasonFor(name, fault) });
    else items.push(toTextItem(await textId(piece.text), piece.text, source));
  }
  return { items, refused };
}

function toTextItem(id: Id, text: string, source: string): TextItem {
  return { id, kind: 'text', name: text, text, source, addedAt: Date.now() };
}

interface Discovery {
  readonly queue: Source[];
  readonly finished: boolean;
  /** Resolves when the queue has grown or is complete. */
  more(): Promise<undefined>;
}

/** Walks folders and lists zips ahead of the decoding, so that the total is soon known. Only names are held. */
function discover(sources: Iterable<Source> | AsyncIterable<Source>, signal: AbortSignal): Discovery {
  const queue: Source[] = [];
  let finished = false;
  let waiting: (() => void)[] = [];
  const tell = () => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const run = async () => {
    for await (const source of sources) {
      if (signal.aborted) return;
      if (!isHidden(source.path)) queue.push(...(await expand(source)).map(withPlainName));
      tell();
    }
  };
  void run()
    .catch((error: unknown) => {
      queue.push({ name: 'The rest', path: '', size: 0, blob: () => Promise.reject(error) });
    })
    .finally(() => {
      finished = true;
      tell();
    });
  return {
    queue,
    get finished() {
      return finished;
    },
    more: () =>
      finished
        ? Promise.resolve(undefined)
        : new Promise((resolve) => waiting.push(() => resolve(undefined))),
  };
}

/** A zip becomes what is in it; anything else stays as it is. */
async function expand(source: Source): Promise<Source[]> {
  try {
    const file = await source.blob();
    const head = new Uint8Array(await file.slice(0, 300).arrayBuffer());
    if (sniff(head).kind !== 'zip') return [source];
    const entries = await readZip(file);
    if (entries.length === 0) throw new UnreadableFile('is an empty zip');
    const meant = entries.filter((entry) => !isHidden(entry.path));
    if (meant.length === 0)
      throw new UnreadableFile('is a zip with no pictures or texts in it, only hidden files');
    return meant.map((entry) => ({
      name: entry.path.slice(entry.path.lastIndexOf('/') + 1),
      path: `${source.path}/${entry.path}`,
      size: entry.size,
      blob: () => entry.open(),
    }));
  } catch (error) {
    // Its own size no longer matters: the reason is this error.
    return [{ ...source, size: 0, blob: () => Promise.reject(error) }];
  }
}

/** What this intake has taken already. A picture may still be in decoding. */
interface Taken {
  readonly pictures: Map<Id, Promise<DecodedPicture>>;
  readonly texts: Set<Id>;
}

/** Never rejects; after an abort it gives nothing. */
async function read(
  source: Source,
  { known, preparation, decoder }: IntakeOptions,
  taken: Taken,
  signal: AbortSignal,
): Promise<IntakeEvent[]> {
  const { name, path, tags } = source;
  const failed = (reason: string): IntakeEvent => ({
    type: 'failed',
    failure: { name: path || name, reason },
  });
  try {
    if (source.size > LIMITS.pictureBytes)
      throw new UnreadableFile(
        `is ${formatBytes(source.size)}; files up to ${formatBytes(LIMITS.pictureBytes)} are read. Make it smaller first`,
      );
    const blob = await source.blob();
    if (signal.aborted) return [];
    const opened = await decoder.open(blob, name);
    const { identified } = opened;
    if (signal.aborted) {
      opened.close();
      return [];
    }
    if (identified.kind === 'refused') return [failed(identified.reason)];
    if (identified.kind === 'texts') {
      const events = identified.texts.map(({ id, text }): IntakeEvent => {
        if (known(id) || taken.texts.has(id)) return { type: 'known', id, name: text };
        taken.texts.add(id);
        return { type: 'text', item: toTextItem(id, text, path) };
      });
      return [...events, ...identified.refused.map(failed)];
    }
    const { id, type } = identified;
    const twin = taken.pictures.get(id);
    if (twin || known(id)) {
      opened.close();
      // The same bytes fail for the same reason, and then this copy is not in the collection either.
      await twin;
      return [{ type: 'known', id, name }];
    }
    const decoding = opened.decode(preparation);
    taken.pictures.set(id, decoding);
    const { width, height, ...pictures } = await decoding;
    const item: PictureItem = {
      id,
      kind: 'picture',
      name,
      source: path,
      addedAt: Date.now(),
      ...(tags && { tags }),
      width,
      height,
      type,
    };
    return [{ type: 'picture', item, ...pictures }];
  } catch (error) {
    return signal.aborted || isAbort(error) ? [] : [failed(reasonFor(name, error))];
  }
}
