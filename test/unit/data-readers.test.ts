import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '../../src/common/sha256.ts';
import { UnreadableFile } from '../../src/data/errors.ts';
import { type Identified, identify } from '../../src/data/identify.ts';
import { readMarkdown } from '../../src/data/readers/markdown.ts';
import { PICTURE_READERS, readPictureSize } from '../../src/data/readers/picture.ts';
import { readPlainText } from '../../src/data/readers/plain-text.ts';
import { type PictureFormat, sniff } from '../../src/data/readers/sniff.ts';
import { decodeText } from '../../src/data/readers/text-encoding.ts';
import { sha256, textId } from '../../src/data/sha256.ts';

const RASTER: readonly (readonly [PictureFormat, string])[] = [
  ['png', 'halves.png'],
  ['jpeg', 'halves.jpg'],
  ['webp', 'halves.webp'],
  ['avif', 'halves.avif'],
  ['gif', 'halves.gif'],
  ['bmp', 'halves.bmp'],
];

function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../fixtures/data/${name}`, import.meta.url)));
}
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

async function reason(content: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
  const identified = await identify(content, name);
  return identified.kind === 'refused' ? identified.reason : `taken as ${identified.kind}`;
}

async function texts(content: Uint8Array<ArrayBuffer>, name: string): Promise<string[]> {
  const identified: Identified = await identify(content, name);
  return identified.kind === 'texts' ? identified.texts.map(({ text }) => text) : [];
}

/** A PNG's signature and header, with no pixels behind. */
function pngHeader(width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(33);
  header.set(latin1('\x89PNG\r\n\x1a\n'));
  header.set(latin1('IHDR'), 12);
  const view = new DataView(header.buffer);
  view.setUint32(8, 13);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return header;
}

describe('pictures', () => {
  test.each(RASTER)('%s is known by its content and read from its header', (format, file) => {
    const content = fixture(file);
    expect(sniff(content)).toEqual({ kind: 'picture', format });
    expect(readPictureSize(content, format)).toEqual({ width: 24, height: 16 });
  });

  test('the name has no say', async () => {
    expect(await identify(fixture('halves.jpg'), 'wrong.png')).toMatchObject({
      kind: 'picture',
      type: 'image/jpeg',
    });
  });

  test('the id is the SHA-256 of the bytes', async () => {
    expect(await identify(fixture('halves.png'), 'x.png')).toMatchObject({
      id: await sha256(fixture('halves.png')),
    });
  });

  test.each([
    ['1 × 100 pixels', 'width="1" height="100"', 1, 100],
    ['inches', 'width="1in" height="0.5in"', 96, 48],
    ['one side and a viewBox', 'width="50" viewBox="0 0 10 20"', 50, 100],
    ['a viewBox with commas', "viewBox='0,0,10,20'", 10, 20],
    ['nothing', '', 300, 150],
    ['nonsense', 'width="-5" height="NaN" viewBox="0 0 0 0"', 300, 150],
  ])('SVG with %s', (_, attributes, width, height) => {
    const svg = bytes(
      `\ufeff<?xml version="1.0"?><!-- > <svg> --><!DOCTYPE svg [<!ENTITY a "b>">]>\n<svg ${attributes}><g/></svg>`,
    );
    expect(sniff(svg)).toEqual({ kind: 'picture', format: 'svg' });
    expect(readPictureSize(svg, 'svg')).toEqual({ width, height });
  });

  test('a JPEG whose header stands behind 100 kB of metadata', () => {
    const jpeg = fixture('halves.jpg');
    const segment = new Uint8Array(50_004);
    segment.set([0xff, 0xe1, 50_002 >> 8, 50_002 & 0xff]);
    const long = Uint8Array.from([...jpeg.subarray(0, 2), ...segment, ...segment, 0xff, ...jpeg.subarray(2)]);
    expect(readPictureSize(long, 'jpeg')).toEqual({ width: 24, height: 16 });
  });
});

describe('what cannot be taken in says why', () => {
  test.each([
    ['x.png', bytes('<!DOCTYPE html><html><body>404</body></html>'), 'x.png is an HTML page, not a picture.'],
    ['x.jpg', bytes('\n<!-- hi --><HTML lang=en>'), 'x.jpg is an HTML page, not a picture.'],
    ['x.png', bytes('not found'), 'x.png is a text file, not a picture.'],
    ['x.png', bytes(''), 'x.png is empty: it has no bytes.'],
    ['x.txt', bytes(' \n\r\n'), 'x.txt holds no text: all its lines are empty.'],
    ['x.txt', latin1('%PDF-1.7'), 'x.txt is a PDF document, not text.'],
    [
      'x.md',
      latin1('[Content_Types].xml'.padStart(49, '\0')).fill(1, 0, 30),
      'x.md is not text that this page reads (PNG, JPEG, WebP, AVIF, GIF, SVG, BMP, .txt, .md, .zip).',
    ],
    ['x.docx', latin1(`PK\x03\x04${'\0'.repeat(26)}[Content_Types].xml`), 'x.docx is an Office document.'],
    [
      'x.heic',
      latin1('\0\0\0\x18ftypheic\0\0\0\0mif1'),
      'x.heic is a HEIC picture, which browsers cannot decode; export it as JPEG.',
    ],
    ['x.zip', latin1('PK\x03\x04'), 'x.zip is a zip inside a zip, which is not opened; unpack it first.'],
    [
      'x.json',
      bytes('{}'),
      'x.json is text of a kind that is not read (.json); name it .txt to take every line as an item.',
    ],
    [
      'x.bin',
      latin1('\0\x01\x02\x03'),
      'x.bin is not a picture or text that this page reads (PNG, JPEG, WebP, AVIF, GIF, SVG, BMP, .txt, .md, .zip).',
    ],
    [
      'huge.png',
      pngHeader(30_000, 30_000),
      'huge.png is 30,000 × 30,000 pixels; up to 100 megapixels are taken. Make it smaller first.',
    ],
    [
      'long.png',
      pngHeader(40_000, 10),
      'long.png is 40,000 × 10 pixels; browsers hold up to 32,767 on a side. Make it smaller first.',
    ],
    ['none.png', pngHeader(0, 10), 'none.png is damaged: its header says that it has no pixels.'],
    ['a/b/cut.png', pngHeader(1, 1).slice(0, 19), 'cut.png is cut short: it ends before its header does.'],
    [
      'laughs.svg',
      bytes('<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'),
      'laughs.svg is an SVG whose entities hold further entities, which is not opened.',
    ],
    [
      'big.svg',
      bytes(`<svg>${' '.repeat(8_000_001)}</svg>`),
      'big.svg is 8.0 MB; an SVG may have up to 8.0 MB. Export it as PNG.',
    ],
    [
      'big.txt',
      bytes('a'.repeat(20_000_001)),
      'big.txt is 20.0 MB; text files up to 20.0 MB are read. Split it.',
    ],
  ])('%s', async (name, content, expected) => {
    expect(await reason(content, name)).toBe(expected);
  });
});

describe('text', () => {
  test.each([
    ['UTF-8', bytes('Käse\r\nbrød\r🍎\n')],
    ['UTF-8 with a byte order mark', bytes('\ufeffKäse\nbrød\n🍎')],
    ['UTF-16 LE', Uint8Array.from([0xff, 0xfe, ...utf16('Käse\nbrød\n🍎', true)])],
    ['UTF-16 BE', Uint8Array.from([0xfe, 0xff, ...utf16('Käse\nbrød\n🍎', false)])],
    ['UTF-16 LE without a mark', Uint8Array.from(utf16('Käse\nbrød\n🍎', true))],
  ])('%s', async (_, content) => {
    expect(await texts(content, 'x.txt')).toEqual(['Käse', 'brød', '🍎']);
  });

  test('Windows-1252', () => {
    expect(decodeText(latin1('K\xe4se'))).toBe('Käse');
  });

  test('a line an item, with its number', () => {
    expect(readPlainText('one\r\n\r\n  two words \nthree')).toEqual([
      { text: 'one', line: 1 },
      { text: 'two words', line: 3 },
      { text: 'three', line: 4 },
    ]);
  });

  test('a line that is too long is named, and the others go in', async () => {
    const identified = await identify(bytes(`one\n${'x'.repeat(10_001)}\nthree`), 'x.txt');
    expect(identified).toMatchObject({
      texts: [{ text: 'one' }, { text: 'three' }],
      refused: [
        'x.txt has 10,001 characters in the text at line 2; a text may have up to 10,000. Break it into lines.',
      ],
    });
  });

  test('the same text is the same item however its accents were typed', async () => {
    expect(await textId('Ka\u0308se')).toBe(await textId('Käse'));
    expect(await textId('Käse')).toBe(await sha256(bytes('Käse')));
  });

  test('Markdown reads as the words a person sees', () => {
    const markdown = [
      '---\ntitle: left out\n---\n# The **first** heading #\n',
      'A paragraph over\ntwo lines with [a link](https://x.y "t"), `code` and _stress_.\n',
      '- one\n- [x] two\n  goes on\n1. three\n',
      '> quoted\n> words\n',
      '| a | b |\n|---|:-:|\n| c | d |\n',
      '```js\nlet x = 1;\n\nlet y;\n```\n***\n![a picture](x.png) snake_case_name 2 * 3 * 4',
      '<!-- a\n\ncomment -->\nUnder\n=====\n[ref]: https://x.y',
    ].join('\n');
    expect(readMarkdown(markdown).map(({ text }) => text)).toEqual([
      'The first heading',
      'A paragraph over two lines with a link, code and stress.',
      'one',
      'two goes on',
      'three',
      'quoted words',
      'a, b',
      'c, d',
      'let x = 1;\n\nlet y;',
      'a picture snake_case_name 2 * 3 * 4',
      'Under',
    ]);
    expect(readMarkdown('one\n\ntwo')[1]).toEqual({ text: 'two', line: 3 });
  });
});

function utf16(text: string, little: boolean): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).flatMap((unit) =>
    little ? [unit & 0xff, unit >> 8] : [unit >> 8, unit & 0xff],
  );
}

describe('SHA-256 without the browser', () => {
  test('equals the browser own for every length around a block', async () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const content = Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);
      expect(new Sha256().update(content).hex()).toBe(await sha256(content));
    }
  });
});

describe('hostile bytes', () => {
  const heads = RASTER.map(([, file]) => fixture(file));
  /** A real header with bytes changed and the end cut off: deeper into the parsers than noise gets. */
  const damaged = fc
    .tuple(fc.constantFrom(...heads), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat())
    .map(([head, changes, end]) => {
      const copy = head.slice(0, end % (head.length + 1));
      for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
      return copy;
    });
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((array) => new Uint8Array(array)),
    damaged,
  );

  test('sniffing never throws', () => {
    fc.assert(
      fc.property(anything, (content) => typeof sniff(content).kind === 'string'),
      { numRuns: 2000 },
    );
  });

  test('every header reader gives a size or an UnreadableFile', () => {
    const formats = Object.keys(PICTURE_READERS) as PictureFormat[];
    fc.assert(
      fc.property(anything, fc.constantFrom(...formats), (content, format) => {
        try {
          const { width, height } = PICTURE_READERS[format].readSize(content);
          return width >= 0 && height >= 0;
        } catch (error) {
          return error instanceof UnreadableFile;
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('markup in any disorder gives an answer', async () => {
    const pieces = fc.constantFrom(
      '<svg',
      '<',
      '>',
      '"',
      "'",
      '<!--',
      '-->',
      '<!DOCTYPE',
      '[',
      ']',
      '<?',
      '?>',
      ' width="1e999"',
      'viewBox=',
      ' ',
      'a',
      '\0',
      '&',
      '<!ENTITY',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), async (parts) => {
        const identified = await identify(bytes(parts.join('')), 'x.svg');
        return identified.kind === 'picture' || identified.kind === 'refused';
      }),
      { numRuns: 1000 },
    );
  });

  test('a long run of open brackets costs no time', async () => {
    const started = performance.now();
    for (const piece of ['<', '<a ', '<!--', '<!DOCTYPE [', '"', '[a](', '**a', '`'])
      await identify(bytes(piece.repeat(200_000 / piece.length)), 'x.md');
    // Quadratic time would take minutes; a loaded machine takes a few seconds at most.
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
