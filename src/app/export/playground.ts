/** What is drawn in the playground, as it is there. */
import { type Figure, type FigureSheet, sheetOf } from '../../export/figure.ts';
import { stringsFigure } from '../../export/strings.ts';
import type { Paint } from '../../export/svg.ts';
import { svgNumber, svgText } from '../../export/svg-parts.ts';
import { playground } from '../playground/address.ts';

const SIDE = 620;
const LINE = 20;
/** What style sheets say about drawings; a file takes it along. */
const LOOKS = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'paint-order',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;
/** Meant for hands and for readers of the page. */
const FOREIGN = /^(?:class|role|tabindex|aria-.*|data-.*)$/;

/** In the name of a file. */
export const playgroundSubject = (): string => playground.asked() || 'points';

/** @throws {RangeError} where the playground is closed, or nothing is drawn in it */
export function drawPlayground(paint: Paint): FigureSheet {
  const part = [...document.querySelectorAll('.pg [role="tabpanel"]')].find(
    (panel) => panel.clientHeight > 0,
  );
  if (!part) throw new RangeError('The playground is closed. Open it with the key g, then export.');
  const plane = part.querySelector('.pg-plane svg');
  const letters = part.querySelector('.pg-letters');
  if (plane) return sheetOf([planeFigure(plane, part, paint)], 'Metric playground', paint);
  if (letters) return sheetOf([lettersFigure(letters, part, paint)], 'Metric playground', paint);
  throw new RangeError('Nothing is drawn yet. Make both strings as long as each other, then export.');
}

function planeFigure(plane: Element, part: Element, paint: Paint): Figure {
  const copy = plane.cloneNode(true);
  if (!(copy instanceof SVGElement)) throw new Error('The plane of the playground is no drawing.');
  takeLooks(plane, copy);
  copy.setAttribute('width', String(SIDE));
  copy.setAttribute('height', String(SIDE));
  const markup = new XMLSerializer().serializeToString(copy);
  const readouts = [...part.querySelectorAll('.pg-readout > div')].map((row) => {
    const [name, value] = ['dt', 'dd'].map((tag) => row.querySelector(tag)?.textContent ?? '');
    return `${name} ${value}`;
  });
  const lines = readouts.length > 0 ? [readouts.join('   ·   ')] : [said(part)];
  const words = lines.map((line, at) => svgText(0, SIDE + 18 + at * LINE, line, paint.label, { size: 13 }));
  return {
    title: plane.getAttribute('aria-label') ?? '',
    description: lines.join(' '),
    width: SIDE,
    height: SIDE + 12 + lines.length * LINE,
    marks: [markup, ...words].join('\n'),
  };
}

function lettersFigure(letters: Element, part: Element, paint: Paint): Figure {
  const pairs = [...letters.querySelectorAll('li')].map((cell) => {
    const [a = '', b = ''] = [...cell.querySelectorAll('b')].map((letter) => letter.textContent);
    const bytes = [...cell.querySelectorAll('.pg-byte')].map((byte) =>
      [...byte.querySelectorAll('code')].map((bits) => bits.textContent),
    );
    return { a, b, bytes };
  });
  return stringsFigure(said(part), pairs, paint);
}

/** What the page tells of it. */
const said = (part: Element): string =>
  (part.querySelector('[role="status"] p, [role="status"]')?.textContent ?? '').replace(/\s+/g, ' ').trim();

/** Gives a copy the looks that style sheets give the original, and nothing else of the page. */
function takeLooks(original: Element, copy: Element): void {
  const look = getComputedStyle(original);
  if (look.display === 'none' || look.fill === 'rgba(0, 0, 0, 0)' || look.stroke === 'rgba(0, 0, 0, 0)') {
    copy.remove();
    return;
  }
  const children = [...copy.children];
  [...original.children].forEach((child, at) => {
    const own = children[at];
    if (own) takeLooks(child, own);
  });
  for (const { name } of [...copy.attributes]) if (FOREIGN.test(name)) copy.removeAttribute(name);
  if (original.tagName === 'svg' || original.tagName === 'clipPath') return;
  for (const name of LOOKS) copy.setAttribute(name, plain(look.getPropertyValue(name)));
}

/** Lengths without a unit, as every program reads them in attributes. */
const plain = (value: string): string =>
  value.replace(/([\d.]+)px/g, (_, digits: string) => svgNumber(Number(digits)));
