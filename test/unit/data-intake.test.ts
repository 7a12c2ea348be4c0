import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { Decoder } from '../../src/data/decoder.ts';
import { UnreadableFile } from '../../src/data/errors.ts';
import { identify } from '../../src/data/identify.ts';
import { type IntakeEvent, intake, textItems } from '../../src/data/intake.ts';
import { isHidden, type Source } from '../../src/data/sources.ts';

const preparation = { size: 2, crop: 1 };

/** Names and hashes as the real one does; "decodes" to nothing, and counts. */
function fakeDecoder(): Decoder & { decoded: number; open: Decoder['open'] } {
  const image = { data: new Uint8ClampedArray(4), width: 1, height: 1 };
  const decoder = {
    ahead: 3,
    decoded: 0,
    async open(file: Blob, name: string) {
      const identified = await identify(new Uint8Array(await file.arrayBuffer()), name);
      return {
        identified,
        async decode() {
          decoder.decoded++;
          if (name.startsWith('broken')) throw new UnreadableFile('is a damaged picture');
          const blob = new Blob();
          return { width: 1, height: 1, thumbnail: image, thumbnailFile: blob, preview: blob, model: image };
        },
        close: () => undefined,
      };
    },
    dispose: () => undefined,
  };
  return decoder;
}

/** Every number another GIF of one pixel, as far as its header goes. */
function gif(number: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...strToU8('GIF89a'), 1, 0, 1, 0, 0, 0, 0, number & 255, number >> 8]);
}

function source(path: string, content: Uint8Array<ArrayBuffer> | Blob): Source {
  const blob = content instanceof Blob ? content : new Blob([content]);
  return { name: path.slice(path.lastIndexOf('/') + 1), path, size: blob.size, blob: async () => blob };
}

async function take(
  sources: Iterable<Source> | AsyncIterable<Source>,
  decoder = fakeDecoder(),
  known: (id: string) => boolean = () => false,
): Promise<IntakeEvent[]> {
  const events: IntakeEvent[] = [];
  for await (const event of intake(sources, { known, preparation, decoder })) events.push(event);
  return events;
}

/** "picture a.gif", "failed: reason" */
function told(events: readonly IntakeEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'failed') return `failed: ${event.failure.reason}`;
    return `${event.type} ${event.type === 'known' ? event.name : event.item.name}`;
  });
}

const zip = (files: Record<string, Uint8Array>, level: 0 | 6 = 6) =>
  new Uint8Array(zipSync(files, { level }));

describe('intake', () => {
  test('keeps the order, and one bad file never stops the others', async () => {
    const gone: Source = {
      ...source('gone.gif', gif(0)),
      blob: () => Promise.reject(new DOMException('', 'NotFoundError')),
    };
    const events = await take([
      source('a.gif', gif(1)),
      source('page.png', strToU8('<html>') as Uint8Array<ArrayBuffer>),
      gone,
      source('broken.gif', gif(2)),
      source('words.txt', strToU8('one\ntwo\none') as Uint8Array<ArrayBuffer>),
      source('.DS_Store', gif(9)),
      source('b.gif', gif(3)),
    ]);
    expect(told(events)).toEqual([
      'picture a.gif',
      'failed: page.png is an HTML page, not a picture.',
      'failed: gone.gif is no longer there: it was moved, renamed or deleted after it was chosen.',
      'failed: broken.gif is a damaged picture.',
      'text one',
      'text two',
      'known one',
      'picture b.gif',
    ]);
  });

  test('a name cannot turn around what is read, whether it is taken or refused', async () => {
    const packed = zip({ 'in\u2066ner\u2069.gif': gif(2) });
    const events = await take([
      source('\u202egnp.exe\u202c\n.jpg', gif(1)),
      source('a\u202eb/z.zip', packed),
      source('\u202egpj\u0007.png', strToU8('<html>') as Uint8Array<ArrayBuffer>),
      source('\u202e', gif(3)),
    ]);
    expect(told(events)).toEqual([
      'picture gnp.exe.jpg',
      'picture inner.gif',
      'failed: gpj.png is an HTML page, not a picture.',
      'picture unnamed',
    ]);
    expect(events[1]).toMatchObject({ item: { source: 'ab/z.zip/inner.gif' } });
    expect(events[2]).toMatchObject({ failure: { name: 'gpj.png' } });
  });

  test('the same bytes are one item, whatever they are called', async () => {
    const decoder = fakeDecoder();
    const sources = [source('a.gif', gif(1)), source('b.gif', gif(1)), source('sub/c.gif', gif(1))];
    expect(told(await take(sources, decoder))).toEqual(['picture a.gif', 'known b.gif', 'known c.gif']);
    expect(decoder.decoded).toBe(1);
  });

  test('a copy of a file that fails fails too', async () => {
    const events = await take([source('broken.gif', gif(1)), source('copy.gif', gif(1))]);
    expect(told(events)).toEqual([
      'failed: broken.gif is a damaged picture.',
      'failed: copy.gif is a damaged picture.',
    ]);
  });

  test('what is in the collection is not decoded again', async () => {
    const decoder = fakeDecoder();
    const events = await take(
      [source('a.gif', gif(1)), source('t.txt', strToU8('x') as Uint8Array<ArrayBuffer>)],
      decoder,
      () => true,
    );
    expect(told(events)).toEqual(['known a.gif', 'known x']);
    expect(decoder.decoded).toBe(0);
  });

  test('never decodes more than a few ahead of the consumer', async () => {
    const decoder = fakeDecoder();
    const sources = Array.from({ length: 50 }, (_, i) => source(`${i}.gif`, gif(i)));
    let taken = 0;
    for await (const _ of intake(sources, { known: () => false, preparation, decoder })) {
      taken++;
      expect(decoder.decoded).toBeLessThanOrEqual(taken + decoder.ahead);
    }
    expect(taken).toBe(50);
  });

  test('a cancel ends it with an AbortError; what came before stands', async () => {
    const control = new AbortController();
    const sources = Array.from({ length: 20 }, (_, i) => source(`${i}.gif`, gif(i)));
    const names: string[] = [];
    const run = async () => {
      const options = { known: () => false, preparation, decoder: fakeDecoder() };
      for await (const event of intake(sources, options, { signal: control.signal })) {
        names.push(...told([event]));
        if (names.length === 5) control.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' });
    expect(names).toEqual(Array.from({ length: 5 }, (_, i) => `picture ${i}.gif`));
  });

  test('a cancel is heard while a folder is still being walked', async () => {
    const control = new AbortController();
    async function* endless(): AsyncGenerator<Source> {
      yield source('a.gif', gif(1));
      await new Promise(() => undefined);
    }
    const options = { known: () => false, preparation, decoder: fakeDecoder() };
    const events = intake(endless(), options, { signal: control.signal });
    expect((await events.next()).value).toMatchObject({ type: 'picture' });
    const next = events.next();
    control.abort();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('progress counts what is done of what is found, zips with their content', async () => {
    const heard: [number, number][] = [];
    const packed = zip({ 'x.gif': gif(1), 'y.gif': gif(2) });
    const sources = [source('a.gif', gif(3)), source('z.zip', packed)];
    const options = { known: () => false, preparation, decoder: fakeDecoder() };
    const job = { onProgress: (done: number, total: number) => void heard.push([done, total]) };
    for await (const _ of intake(sources, options, job)) expect(heard.length).toBeGreaterThan(0);
    expect(heard.map(([done]) => done)).toEqual([1, 2, 3]);
    expect(heard.at(-1)).toEqual([3, 3]);
  });
});

describe('zips', () => {
  test.each([
    ['stored', 0],
    ['deflated', 6],
  ] as const)('%s, with folders, in a folder', async (_, level) => {
    const packed = zip(
      { 'a/b/ä.gif': gif(1), '__MACOSX/._x.gif': gif(2), 'words.txt': strToU8('one') },
      level,
    );
    const events = await take([source('folder/z.zip', packed)]);
    expect(told(events)).toEqual(['picture ä.gif', 'text one']);
    expect(events[0]).toMatchObject({ item: { source: 'folder/z.zip/a/b/ä.gif' } });
  });

  test('with nothing but what systems leave behind', async () => {
    const packed = zip({ '__MACOSX/._x.gif': gif(2), '.DS_Store': gif(3) });
    expect(told(await take([source('z.zip', packed), source('a.gif', gif(1))]))).toEqual([
      'failed: z.zip is a zip with no pictures or texts in it, only hidden files.',
      'picture a.gif',
    ]);
  });

  test('a zip in a zip is refused, and the rest goes in', async () => {
    const packed = zip({ 'inner.zip': zip({ 'x.gif': gif(1) }), 'a.gif': gif(2) });
    expect(told(await take([source('z.zip', packed)]))).toEqual([
      'failed: inner.zip is a zip inside a zip, which is not opened; unpack it first.',
      'picture a.gif',
    ]);
  });

  test('a bomb is refused by what it states', async () => {
    const packed = zip({ 'zeros.bmp': new Uint8Array(30_000_000) });
    const [event] = told(await take([source('bomb.zip', packed)]));
    expect(event).toMatch(
      /^failed: bomb\.zip is [\d.]+ kB and would unpack to 30\.0 MB: that is a zip bomb, which is not opened\.$/,
    );
  });

  test('a bomb that states less than it holds unpacks to no more than that', async () => {
    const packed = zip({ 'zeros.gif': new Uint8Array(1_000_000) });
    new DataView(packed.buffer).setUint32(central(packed) + 24, 1000, true);
    expect(told(await take([source('z.zip', packed)]))).toEqual([
      'failed: zeros.gif is damaged inside the zip.',
    ]);
  });

  test('entries that overlap are refused', async () => {
    const packed = zip({ 'a.gif': gif(1), 'b.gif': gif(2) }, 0);
    const second = central(packed) + 46 + 5;
    new DataView(packed.buffer).setUint32(second + 42, 0, true);
    expect(told(await take([source('z.zip', packed)]))).toEqual([
      'failed: z.zip holds files that overlap one another: that is a zip bomb, which is not opened.',
    ]);
  });

  test.each([
    [
      'encrypted',
      (view: DataView, at: number) => view.setUint16(at + 8, 1, true),
      'a.gif is locked with a password; unpack the zip first.',
    ],
    [
      'packed otherwise',
      (view: DataView, at: number) => view.setUint16(at + 10, 14, true),
      'a.gif is packed in a way that is not read (only stored and deflated); pack it anew.',
    ],
    [
      'with a wrong checksum',
      (view: DataView, at: number) => view.setUint32(at + 16, 7, true),
      'a.gif is damaged inside the zip.',
    ],
    [
      'beyond the limit',
      (view: DataView, at: number) => view.setUint32(at + 24, 15_000_000, true),
      'a.gif is damaged inside the zip.',
    ],
  ])('an entry that is %s is named, the others go in', async (_, change, expected) => {
    const packed = zip({ 'a.gif': gif(1), 'b.gif': gif(2) });
    change(new DataView(packed.buffer), central(packed));
    expect(told(await take([source('z.zip', packed)]))).toEqual([`failed: ${expected}`, 'picture b.gif']);
  });

  test('cut short anywhere, it is one failure and no crash', async () => {
    const packed = zip({ 'a.gif': gif(1) });
    for (const end of [5, 30, packed.length - 30, packed.length - 1]) {
      const events = told(await take([source('z.zip', packed.slice(0, end))]));
      expect(events).toEqual([
        'failed: z.zip is a damaged zip: its directory is missing, as when a download was cut short.',
      ]);
    }
  });

  test('too large a zip is refused by its size alone', async () => {
    const packed = new Blob([zip({ 'a.gif': gif(1) })]);
    const huge = new Proxy(packed, {
      get: (target, key) => {
        if (key === 'size') return 5_000_000_000;
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const sources: Source[] = [{ name: 'z.zip', path: 'z.zip', size: 5_000_000_000, blob: async () => huge }];
    expect(told(await take(sources))).toEqual([
      'failed: z.zip is 5.0 GB; zips up to 4.0 GB are opened. Unpack it and drop the folder.',
    ]);
  });

  test('too large a file is refused unread', async () => {
    const sources: Source[] = [{ ...source('a.gif', gif(1)), size: 300_000_000 }];
    expect(told(await take(sources))).toEqual([
      'failed: a.gif is 300 MB; files up to 200 MB are read. Make it smaller first.',
    ]);
  });
});

/** Where the directory at the zip's end begins. */
function central(packed: Uint8Array): number {
  return new DataView(packed.buffer).getUint32(packed.length - 22 + 16, true);
}

test('typed text: a line an item', async () => {
  const { items, refused } = await textItems(' one \n\ntwo', 'typed');
  expect(items).toMatchObject([
    { kind: 'text', name: 'one', text: 'one', source: 'typed' },
    { kind: 'text', name: 'two', text: 'two', source: 'typed' },
  ]);
  expect(refused).toEqual([]);
});

test('typed text: a line that is too long is named, and the others go in', async () => {
  const { items, refused } = await textItems(`one\n${'x'.repeat(10_001)}`, 'pasted');
  expect(items).toMatchObject([{ text: 'one' }]);
  expect(refused).toEqual([
    {
      name: 'The pasted text',
      reason:
        'The pasted text has 10,001 characters in the text at line 2; a text may have up to 10,000. Break it into lines.',
    },
  ]);
});

test('hidden files are those that systems leave behind', () => {
  for (const path of ['.DS_Store', 'a/.git/x', '__MACOSX/a.png', 'a/Thumbs.db', 'desktop.ini', '~$x.md'])
    expect(isHidden(path), path).toBe(true);
  for (const path of ['a.png', 'a/b.c/d.png', './a.png', '../a.png', 'my.thumbs.db.png'])
    expect(isHidden(path), path).toBe(false);
});
