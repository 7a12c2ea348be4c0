import { describe, expect, test } from 'vitest';
import { identify } from '../../src/data/identify.ts';

const NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const svg = (content: string, doctype = '') => `${doctype}<svg ${NS} viewBox="0 0 9 9">${content}</svg>`;

/** "taken", or the sentence. */
async function told(text: string): Promise<string> {
  const identified = await identify(new TextEncoder().encode(text), 'x.svg');
  return identified.kind === 'refused' ? identified.reason : 'taken';
}

/** Levels of groups, each holding the one before some times. */
function nested(levels: number, times: number, refer: (id: string) => string, wrap = 'g'): string {
  const groups = Array.from(
    { length: levels },
    (_, i) => `<${wrap} id="a${i + 1}">${refer(`a${i}`).repeat(times)}</${wrap}>`,
  );
  return `<rect id="a0" width="9" height="9"/>${groups.join('')}<g>${refer(`a${levels}`)}</g>`;
}

const TOO_MANY =
  'x.svg is an SVG whose parts repeat one another too often (up to 20,000 repeats are drawn). Export it as PNG.';
const CIRCLE = 'x.svg is an SVG with a part that refers to itself, which is not opened. Export it as PNG.';
const NESTED = 'x.svg is an SVG with another document inside, which is not opened. Export it as PNG.';
const ENTITY_TEXT =
  'x.svg is an SVG whose entities unfold to more than 1,000,000 characters, which is not opened. Export it as PNG.';

describe('an SVG that would freeze the page is refused unparsed', () => {
  const use = (id: string) => `<use href="#${id}"/>`;
  const pattern = (id: string) => `<rect fill="url(#${id})"/>`;
  test.each([
    ['use, doubled 22 times', svg(nested(22, 2, use))],
    ['use, 5 levels of 10', svg(nested(5, 10, use))],
    ['a long chain that every link repeats', svg(nested(300, 1, use))],
    [
      'xlink:href in single quotes, with spaces',
      svg(nested(22, 2, (id) => `<use\n xlink:href = '#${id}' />`)),
    ],
    ['another prefix', svg(nested(22, 2, (id) => `<s:use x:href="#${id}"/>`))],
    ['characters by number', svg(nested(22, 2, (id) => `<use href="&#x23;${id}"/>`))],
    ['percent signs', svg(nested(22, 2, (id) => `<use href="#%61${id.slice(1)}"/>`))],
    [
      'an id of another namespace before the real one',
      svg(nested(22, 2, use)).replaceAll(' id=', ' f:id="z" id='),
    ],
    [
      'entities as addresses',
      svg(
        nested(22, 2, (id) => `<use href="&h;${id}"/>`),
        '<!DOCTYPE svg [<!ENTITY h "#">]>',
      ),
    ],
    [
      'what looks like a comment in quotes',
      svg(`<desc title="<!--"/>${nested(22, 2, use)}`.replace('<!--', '!--')),
    ],
    [
      'behind a comment, CDATA and an instruction',
      svg(`<!-- </svg> " --><desc><![CDATA[<!--]]></desc><?a <!-- ?>${nested(22, 2, use)}`),
    ],
    ['symbols', svg(nested(22, 2, use, 'symbol'))],
    ['patterns', svg(nested(22, 2, pattern, 'pattern'))],
    [
      'patterns through groups that pass them on',
      svg(nested(6, 1, (id) => `<g fill="url(#${id})">${'<rect/>'.repeat(9)}</g>`, 'pattern')),
    ],
    ['masks', svg(nested(22, 2, (id) => `<rect style="mask:url('#${id}')"/>`, 'mask'))],
    ['clip paths', svg(nested(22, 2, (id) => `<rect clip-path="url( #${id} )"/>`, 'clipPath'))],
    ['markers', svg(nested(22, 2, (id) => `<path marker-end="url(#${id})"/>`, 'marker'))],
    [
      'a marker at thousands of corners, passed on',
      svg(
        `<style>.m{marker-mid:url(#m)}</style><marker id="m">${'<path/>'.repeat(100)}</marker><g class="m"><path d="M0 0${'h1v1'.repeat(500)}"/></g>`,
      ),
    ],
    [
      'pictures in filters',
      svg(
        nested(
          22,
          2,
          (id) => `<g filter="url(#f${id})"/><filter id="f${id}"><feImage href="#${id}"/></filter>`,
        ),
      ),
    ],
    [
      'patterns by class',
      svg(
        `<style><![CDATA[${Array.from({ length: 22 }, (_, i) => `g .c_a${i}{fill:u\\72l(#a${i})}`).join('')}]]></style>${nested(22, 2, (id) => `<rect class="b c_${id}"/>`, 'pattern')}`,
      ),
    ],
    [
      'a fog of costly filters',
      svg(`<filter id="f">${'<feTurbulence numOctaves="99"/>'.repeat(9)}</filter><rect filter="url(#f)"/>`),
    ],
  ])('%s', async (_, text) => {
    expect(await told(text)).toBe(TOO_MANY);
  });

  test.each([
    ['itself', svg('<g id="a"><use href="#a"/></g>'), CIRCLE],
    ['each other', svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), CIRCLE],
    ['an SVG in an address', svg('<image href="da\nta:image/svg+xml,%3Csvg/>"/>'), NESTED],
    ['an SVG in a style', svg('<style>@import "data:text/css,a{}"</style>'), NESTED],
    ['a style before it', `<?xml-stylesheet href="data:text/css,a{}"?>${svg('')}`, NESTED],
    [
      'references from the doctype',
      svg('<use/>', '<!DOCTYPE svg [<!ATTLIST use href CDATA "#a">]>'),
      'x.svg is an SVG whose doctype adds references to its elements, which is not opened. Export it as PNG.',
    ],
    [
      'references that change',
      svg('<use><set attributeName="xlink:href" to="#a"/></use>'),
      'x.svg is an SVG that exchanges its parts as it moves, which is not opened. Export it as PNG.',
    ],
    [
      'a long entity many times',
      svg(`<desc>${'&a;'.repeat(10_000)}</desc>`, `<!DOCTYPE svg [<!ENTITY a "${'x'.repeat(100_000)}">]>`),
      ENTITY_TEXT,
    ],
    [
      'a long entity many times in attributes',
      svg(
        `<g class='${'&a;'.repeat(10_000)}'/>`,
        `<!DOCTYPE svg [<!-- ' --><!ENTITY   a\n'${'x'.repeat(100_000)}' >]>`,
      ),
      ENTITY_TEXT,
    ],
    [
      'an entity in an entity by number',
      svg('&b;', '<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY b "&#38;a;">]>'),
      'x.svg is an SVG whose entities hold further entities, which is not opened.',
    ],
    [
      'tags in an entity',
      svg('&b;', '<!DOCTYPE svg [<!ENTITY b "<g/>">]>'),
      'x.svg is an SVG whose entities hold tags, which is not opened. Export it as PNG.',
    ],
    [
      'parameter entities',
      svg('', '<!DOCTYPE svg [<!ENTITY % b "x">]>'),
      'x.svg is an SVG whose doctype is put together from pieces (parameter entities), which is not opened. Export it as PNG.',
    ],
    [
      'too many elements',
      svg('<g/>'.repeat(50_001)),
      'x.svg is an SVG with more than 50,000 elements, which is not drawn. Export it as PNG.',
    ],
  ])('%s', async (_, text, expected) => {
    expect(await told(text)).toBe(expected);
  });
});

describe('drawings as programs write them are taken', () => {
  const illustrator = `<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 'x', SVG Export -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
	<!ENTITY ns_svg "http://www.w3.org/2000/svg">
	<!ENTITY ns_xlink "http://www.w3.org/1999/xlink">
	<!ENTITY st0 "fill:#FFFFFF;stroke:none;">
	<!ENTITY lt "&#38;#60;">
	<!ATTLIST svg xmlns:a3 CDATA #IMPLIED a3:scriptImplementation CDATA #IMPLIED>
]>
<svg xmlns="&ns_svg;" xmlns:xlink="&ns_xlink;" viewBox="0 0 9 9">${'<path style="&st0;" d="M0 0"/>'.repeat(3000)}</svg>`;
  const glyph = '<use xlink:href="#g" x="1" y="2"/>';
  test.each([
    ['Illustrator', illustrator],
    ['glyphs of a page', svg(`<defs><symbol id="g"><path d="M0 0"/></symbol></defs>${glyph.repeat(5000)}`)],
    [
      'gradients, also by class, and one for everything',
      svg(
        `<style>.a,.b{fill:url(#l)}*{stroke:url(#l)}</style><linearGradient id="k"/><linearGradient id="l" href="#k"><stop/></linearGradient>${'<g class="a" fill="url(#l)"><path/></g>'.repeat(9000)}`,
      ),
    ],
    [
      'arrows of a chart',
      svg(
        `<style>path.link > .a, path.link{marker-end:url(#m)}</style><marker id="m"><path/></marker>${'<path class="link"/>'.repeat(3000)}`,
      ),
    ],
    [
      'a clipped group of many',
      svg(`<clipPath id="c"><rect/></clipPath><g clip-path="url(#c)">${'<path/>'.repeat(40_000)}</g>`),
    ],
    [
      'a line with a dot at each of its corners',
      svg(
        `<marker id="m"><circle/></marker><polyline marker-mid="url(#m)" points="${'123.4,567.8 '.repeat(1000)}"/>`,
      ),
    ],
    ['a link back to the top', svg('<a href="#t"><path id="t"/></a>').replace('<svg', '<svg id="t"')],
    ['a picture inside', svg('<image href="data:image/png;base64,AAAA"/>')],
    [
      'shadows',
      svg(`<filter id="f">${'<feOffset/>'.repeat(6)}</filter>${'<g filter="url(#f)"/>'.repeat(30)}`),
    ],
  ])('%s', async (_, text) => {
    expect(await told(text)).toBe('taken');
  });
});

test('working it out takes time in proportion to the text', async () => {
  const started = performance.now();
  const size = 1_000_000;
  for (const piece of [
    '<g>',
    '<g a="',
    '<!--',
    '<![CDATA[',
    '&a;',
    '&',
    '<style>',
    "<g a='&'/>",
    '<a b',
    ' ',
    '<g style="url(#a"/>',
    '</g>',
  ])
    await told(`<svg>${piece.repeat(size / piece.length)}`);
  for (const piece of ['{', '}', '/*', 'url(', 'url( ', '.a{fill:url(#b)}', '\\', ':', '.a.', 'data:'])
    await told(`<svg><style>${piece.repeat(size / piece.length)}</style></svg>`);
  for (const piece of ['<!ENTITY ', '<!ENTITY a "b">', '<!ATTLIST "', '"', '[', '<!--', '%a;'])
    await told(`<!DOCTYPE svg [${piece.repeat(size / piece.length)}]><svg/>`);
  const many = Array.from({ length: 20_000 }, (_, i) => `.a{fill:url(#b${i})}`).join('');
  await told(svg(`<style>${many}</style>${'<g class="a"/>'.repeat(20_000)}`));
  // Quadratic time would take minutes; a loaded machine takes some seconds.
  expect(performance.now() - started).toBeLessThan(30_000);
});
