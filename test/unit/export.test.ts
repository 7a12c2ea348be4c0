import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvPieces, float32Text } from '../../src/export/csv.ts';
import { jsonForHtml, shorten } from '../../src/export/markup.ts';
import { reportOf, shownNumber } from '../../src/export/report.ts';
import { layOutSheet, SCALE_WIDTH } from '../../src/export/sheet.ts';
import { type SvgMap, svgOf } from '../../src/export/svg.ts';
import type { DrawnItem } from '../../src/map/drawing.ts';
import { palettes } from '../../src/map/theme.ts';
import { readXml } from './read-xml.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  ']]>--><!-- &amp; &',
  '\u202etxt.exe \u05d0\u05d1',
  'a\u0000b\u001bc\ud800d\ufffe',
  '</title></svg></script>',
];

/** A plain reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (at >= text.length) throw new Error('a quote does not end');
        if (text[at] === '"') at++;
        field += text[at];
      }
      at++;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') field += text[at++];
    }
    row.push(field);
    if (text[at] === ',') {
      at++;
      continue;
    }
    expect(text.slice(at, at + 2)).toBe('\r\n');
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}

const item = (index: number, x: number, y: number): DrawnItem => ({
  index,
  x,
  y,
  radius: 4,
  kind: 'vector',
  color: undefined,
  strength: 1,
  selected: false,
  thumbnail: undefined,
});

function mapOf(items: readonly DrawnItem[], names: readonly string[], title?: string): SvgMap {
  const box = { x: 1, y: 2, width: 40, height: 16, opacity: 1 };
  return {
    title,
    ids: names.map((_, at) => `id ${at}`),
    nameOf: (id) => names[Number(id.slice(3))] ?? '',
    drawing: {
      width: 300,
      height: 200,
      palette: palettes.light,
      items,
      labels: names.map((text) => ({ ...box, text })),
    },
  };
}

describe('CSV', () => {
  test('texts that a spreadsheet takes for formulas stand behind an apostrophe where asked; numbers stay numbers', () => {
    const cells = ['=1+1', '@cmd', '-rot', '+1 blau', ' =2', '\tx', '-0.5', '-1.5e-7', '+3', 'a=b', '-', ''];
    const plain = readCsv([...csvPieces(['=a', 'b'], [cells])].join(''));
    expect(plain).toEqual([['=a', 'b'], cells]);
    const guarded = readCsv([...csvPieces(['=a', 'b'], [[...cells, -0.5]], true)].join(''));
    const wanted = [
      "'=1+1",
      "'@cmd",
      "'-rot",
      "'+1 blau",
      "' =2",
      "'\tx",
      '-0.5',
      '-1.5e-7',
      '+3',
      'a=b',
      "'-",
      '',
    ];
    expect(guarded).toEqual([
      ["'=a", 'b'],
      [...wanted, '-0.5'],
    ]);
  });

  test('whatever is written is read again', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', ' ', 'a,b', '"', '\r\n', 'x\ny', '\ufeff', '=1+1', ...HOSTILE),
    );
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(table, ([head = [], ...rows]) => {
        expect(readCsv([...csvPieces(head, rows)].join(''))).toEqual([head, ...rows]);
      }),
    );
  });

  test('numbers have a point, no separators, and none where there is none', () => {
    const rows = [[1234567.5, -0.25, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, undefined]];
    expect([...csvPieces(['a', 'b', 'c', 'd', 'e', 'f'], rows)].join('')).toBe(
      'a,b,c,d,e,f\r\n1234567.5,-0.25,1e-7,,,\r\n',
    );
  });

  test('a 32-bit float is the shortest text that is read as the same', () => {
    expect(float32Text(Math.fround(0.1))).toBe('0.1');
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = float32Text(value);
        expect(Math.fround(Number(text)) === value).toBe(true);
        expect(text.length).toBeLessThanOrEqual(String(value).length);
      }),
    );
  });

  test('a long table comes in pieces of whole rows', () => {
    const rows = Array.from({ length: 5_000 }, (_, row) => [row, 'x'.repeat(20)]);
    const pieces = [...csvPieces(['row', 'text'], rows)];
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) expect(piece.endsWith('\r\n')).toBe(true);
    expect(readCsv(pieces.join(''))).toHaveLength(5_001);
  });
});

describe('SVG', () => {
  test('is well-formed, with a mark for each item at its place', () => {
    const items = Array.from({ length: 12 }, (_, at) => item(at, 10.5 + 20 * at, 7 * at));
    const svg = svgOf([mapOf(items, ['one'])], { title: 'A map', description: 'Twelve items' });
    const marks = readXml(svg).filter(({ attributes }) => attributes.class === 'item');
    expect(marks.map(({ attributes: { cx, cy } }) => [Number(cx), Number(cy)])).toEqual(
      items.map(({ x, y }) => [x, y]),
    );
  });

  test('hostile names are text, wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }))), (names) => {
        const items = names.map((_, at) => item(at, at, at));
        const svg = svgOf([mapOf(items, names, names[0] ?? ''), mapOf(items, names, 'B')], {
          title: names.join(),
          description: names.join(),
          legend: names.map((label) => ({ label, color: '#123456' })),
        });
        const allowed = ['svg', 'title', 'desc', 'rect', 'circle', 'text', 'g'];
        for (const { name, attributes } of readXml(svg)) {
          expect(allowed).toContain(name);
          expect(Object.keys(attributes).some((key) => key.startsWith('on'))).toBe(false);
        }
      }),
    );
  });

  test('an item with a picture shows it, and each picture is embedded once', () => {
    const thumbnail = { halfWidth: 20, halfHeight: 10 };
    const map = mapOf([{ ...item(0, 100, 50), kind: 'picture', thumbnail }], ['a']);
    const href = 'data:image/jpeg;base64,AAAA';
    const pictures = new Map([['id 0', { href, width: 80, height: 40 }]]);
    const elements = readXml(svgOf([map, map], { title: 't', description: 'd', pictures }));
    expect(elements.filter(({ name }) => name === 'image').map((each) => each.attributes.href)).toEqual([
      href,
    ]);
    const uses = elements.filter(({ name }) => name === 'use');
    expect(uses).toHaveLength(2);
    expect(uses[0]?.attributes).toMatchObject({
      href: '#picture-0',
      transform: 'translate(80 40) scale(0.500000 0.500000)',
    });
  });

  test('a scale of colors stands below the map and its legend, with the words of its ends', () => {
    const scale = {
      title: 'Trust <15>',
      ends: ['0.50 false', 'true 1.00'],
      stops: ['#000', '#fff'],
    } as const;
    const legend = [{ label: 'cat', color: '#123456' }];
    const svg = svgOf([mapOf([item(0, 5, 5)], ['one'])], { title: 't', description: 'd', legend, scale });
    expect(svg).toContain('>Trust &lt;15&gt;<');
    for (const end of scale.ends) expect(svg).toContain(`>${end}<`);
    const elements = readXml(svg);
    expect(elements.filter(({ name }) => name === 'stop')).toHaveLength(2);
    const bar = elements.find(({ attributes }) => attributes.fill === 'url(#scale-colors)');
    const height = Number(elements[0]?.attributes.height);
    expect(Number(bar?.attributes.y)).toBeGreaterThan(200 + 22);
    expect(Number(bar?.attributes.y) + 40).toBeLessThan(height);
    const narrow = layOutSheet([{ width: 100, height: 50 }], [], true);
    expect(narrow.scale.x + SCALE_WIDTH).toBeLessThan(narrow.width);
  });

  test('several maps lie beside each other and do not overlap', () => {
    const maps = Array.from({ length: 6 }, () => ({ title: 'x', width: 300, height: 200 }));
    const { maps: places, width, height, entries } = layOutSheet(maps, ['one', 'two']);
    const columns = new Set(places.map(({ x }) => x));
    expect(columns.size).toBe(3);
    for (const [at, a] of places.entries()) {
      expect(a.x + 300).toBeLessThanOrEqual(width);
      expect(a.y + 200).toBeLessThan(height);
      for (const b of places.slice(at + 1))
        expect(Math.abs(a.x - b.x) >= 300 || Math.abs(a.y - b.y) >= 200).toBe(true);
    }
    for (const entry of entries) expect(entry.y).toBeLessThan(height);
  });
});

describe('the report', () => {
  const content = (name: string) => ({
    title: name,
    madeAt: new Date(0),
    settings: [['Model', name] as const],
    maps: [{ title: name, picture: { svg: '<svg/>' }, caption: name }],
    legend: [{ label: name, color: '#123456' }],
    scale: { title: name, ends: [name, name] as const, stops: ['#000', '#fff'] },
    sections: [
      {
        id: 'one',
        title: 'One',
        intro: name,
        tables: [
          {
            id: 'numbers',
            title: name,
            columns: [{ label: name }, { label: 'v' }],
            rows: [[name, 0.123456789]],
          },
        ],
        readings: [{ about: name, sentences: [name] }],
      },
    ],
    data: { name },
  });

  test.each(HOSTILE)('%j cannot leave its place, and comes out of the data as it was', (name) => {
    const html = reportOf(content(name));
    expect(html.match(/<script/g)).toEqual(['<script']);
    const tags = html.match(/<[a-z][^>]*>/g) ?? [];
    expect(tags.filter((tag) => /^<img|\son\w+=|\ssrc=/.test(tag))).toEqual([]);
    const json = /<script type="application\/json" id="nearfield-data">(.*?)<\/script>/s.exec(html)?.[1];
    const data = JSON.parse(json ?? '');
    expect(data.name).toBe(name);
    expect(data.tables[0].rows).toEqual([[name, 0.123456789]]);
  });

  test('asks for nothing: no address in it but names of formats', () => {
    const addresses = reportOf(content('plain')).match(/(?:https?:)?\/\/[^\s"')]+/g) ?? [];
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
  });

  test('numbers are shown with the digits that count', () => {
    expect([0.12345, 0.00001234, 1234.5, 12, -0.5, Number.NaN].map((value) => shownNumber(value))).toEqual([
      '0.123',
      '0.000012',
      '1,234.500',
      '12',
      '−0.500',
      '–',
    ]);
  });

  test('JSON in a page holds no tag; a shortened text holds no half of a character', () => {
    expect(jsonForHtml({ a: '</script><!--\u2028' })).not.toMatch(/[<>&\u2028]/);
    expect(shorten('😀'.repeat(9), 5)).toBe('😀😀😀😀…');
    expect(shorten('short', 5)).toBe('short');
  });
});
