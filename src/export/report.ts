import type { Cell } from './csv.ts';
import { escapeMarkup, jsonForHtml } from './markup.ts';
import { REPORT_PAINT, REPORT_STYLE } from './report-style.ts';
import { SCALE_HEIGHT, SCALE_WIDTH } from './sheet.ts';
import type { ColorScale } from './svg.ts';
import { scaleMarks } from './svg-parts.ts';

/** Numbers with the names of their rows and columns. The first cell of a row is its name. */
export interface ReportTable {
  /** In the page and in its data. */
  readonly id: string;
  readonly title: string;
  readonly note?: string | undefined;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface ReportColumn {
  readonly label: string;
  /** After the point, as it is shown; the data have all. Three unless told. */
  readonly digits?: number | undefined;
}

export interface ReportSection {
  readonly id: string;
  readonly title: string;
  readonly intro: string;
  /** What was not measured, and why; and nothing else where that is so. */
  readonly missing?: string | undefined;
  readonly figures?: readonly ReportMap[] | undefined;
  readonly tables: readonly ReportTable[];
  /** What the numbers say, in sentences. */
  readonly readings: readonly { readonly about: string; readonly sentences: readonly string[] }[];
}

export interface ReportMap {
  readonly title: string;
  /** An SVG element, or a picture's data URL. */
  readonly picture: { readonly svg: string } | { readonly href: string };
  readonly caption: string;
}

export type Setting = readonly [name: string, value: string];

export interface ReportContent {
  readonly title: string;
  readonly madeAt: Date;
  readonly settings: readonly Setting[];
  /** Settings in which the maps differ, a row a map. */
  readonly differences?: ReportTable | undefined;
  readonly maps: readonly ReportMap[];
  /** SVG that the maps refer to. */
  readonly definitions?: string | undefined;
  /** What the colors mean. */
  readonly legend: readonly { readonly label: string; readonly color: string }[];
  /** Where they are of a number. */
  readonly scale?: ColorScale | undefined;
  readonly sections: readonly ReportSection[];
  /** What else is to be taken out by programs; the settings and tables are, too. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * One HTML file that asks for nothing else: no script runs in it, no address is fetched, and a policy in its head forbids both. All
 * numbers are in it a second time, as JSON in the element `nearfield-data`.
 */
export function reportOf(content: ReportContent): string {
  const { title, madeAt, settings, differences, maps, sections, legend } = content;
  const data = {
    application: 'Nearfield',
    title,
    madeAt: madeAt.toISOString(),
    settings: Object.fromEntries(settings),
    tables: [...(differences ? [differences] : []), ...sections.flatMap(({ tables }) => tables)].map(
      tableData,
    ),
    ...content.data,
  };
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body>',
    content.definitions
      ? `<svg class="definitions" width="0" height="0" aria-hidden="true"><defs>${content.definitions}</defs></svg>`
      : '',
    '<main>',
    `<header><h1 dir="auto">${escapeMarkup(title)}</h1>`,
    `<p class="made">Made with Nearfield on <time datetime="${madeAt.toISOString()}">${escapeMarkup(dateText(madeAt))}</time>. Everything is in this file; it needs no network.</p></header>`,
    settingsOf(settings, differences),
    `<section aria-labelledby="maps"><h2 id="maps">${maps.length === 1 ? 'The map' : 'The maps'}</h2>`,
    `<div class="maps" data-count="${maps.length}">${maps.map(figureOf).join('\n')}</div>`,
    legend.length > 0 ? legendOf(legend) : '',
    content.scale ? scaleOf(content.scale) : '',
    '</section>',
    ...sections.map(sectionOf),
    '</main>',
    `<script type="application/json" id="nearfield-data">${jsonForHtml(data)}</script>`,
    '</body>',
    '</html>\n',
  ]
    .filter(Boolean)
    .join('\n');
}

/** A number as a table shows it: fewer digits than are known, but never none of those that count. */
export function shownNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value)) return value.toLocaleString('en-US').replace('-', '−');
  const small = value !== 0 && Math.abs(value) < 10 ** -digits;
  const text = small ? value.toPrecision(2) : value.toLocaleString('en-US', fixed(digits));
  return text.replace('-', '−');
}

const fixed = (digits: number) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits });

function settingsOf(settings: readonly Setting[], differences: ReportTable | undefined): string {
  const rows = settings.map(
    ([name, value]) => `<div><dt>${escapeMarkup(name)}</dt><dd><bdi>${escapeMarkup(value)}</bdi></dd></div>`,
  );
  return `<section aria-labelledby="settings"><h2 id="settings">Settings</h2><dl>${rows.join('')}</dl>${differences ? tableOf(differences) : ''}</section>`;
}

function figureOf({ title, picture, caption }: ReportMap): string {
  const seen =
    'svg' in picture
      ? picture.svg
      : `<img src="${escapeMarkup(picture.href)}" alt="${escapeMarkup(caption)}">`;
  return `<figure><h3>${escapeMarkup(title)}</h3>${seen}<figcaption>${escapeMarkup(caption)}</figcaption></figure>`;
}

function legendOf(legend: ReportContent['legend']): string {
  const entries = legend.map(
    ({ label, color }) =>
      `<li><svg width="12" height="12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill="${escapeMarkup(color)}"/></svg><bdi>${escapeMarkup(label)}</bdi></li>`,
  );
  return `<ul class="legend" aria-label="What the colors mean">${entries.join('')}</ul>`;
}

function scaleOf(scale: ColorScale): string {
  const name = `${scale.title}: from ${scale.ends[0]} to ${scale.ends[1]}`;
  const [width, height] = [SCALE_WIDTH, SCALE_HEIGHT];
  return `<svg class="scale" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-size="12"><title>${escapeMarkup(name)}</title>${scaleMarks(scale, { x: 0, y: 0 }, REPORT_PAINT)}</svg>`;
}

function sectionOf({ id, title, intro, missing, figures = [], tables, readings }: ReportSection): string {
  const read = readings.map(
    ({ about, sentences }) =>
      `<h3><bdi>${escapeMarkup(about)}</bdi></h3><ul>${sentences.map((sentence) => `<li>${escapeMarkup(sentence)}</li>`).join('')}</ul>`,
  );
  return [
    `<section aria-labelledby="${id}"><h2 id="${id}">${escapeMarkup(title)}</h2>`,
    `<p>${escapeMarkup(intro)}</p>`,
    missing ? `<p class="missing">${escapeMarkup(missing)}</p>` : '',
    ...tables.map(tableOf),
    figures.length > 0 ? `<div class="figures">${figures.map(figureOf).join('\n')}</div>` : '',
    read.length > 0 ? `<div class="readings">${read.join('\n')}</div>` : '',
    '</section>',
  ]
    .filter(Boolean)
    .join('\n');
}

function tableOf({ id, title, note, columns, rows }: ReportTable): string {
  const head = columns.map(({ label }) => `<th scope="col"><bdi>${escapeMarkup(label)}</bdi></th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell, at) => cellOf(cell, columns[at], at)).join('')}</tr>`);
  return `<div class="table" tabindex="0" role="region" aria-labelledby="${id}-title"><table id="${id}"><caption id="${id}-title">${escapeMarkup(title)}${note ? `<span class="note">${escapeMarkup(note)}</span>` : ''}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function cellOf(cell: Cell, column: ReportColumn | undefined, at: number): string {
  if (at === 0) return `<th scope="row"><bdi>${escapeMarkup(String(cell ?? ''))}</bdi></th>`;
  if (typeof cell === 'number') return `<td class="number">${shownNumber(cell, column?.digits)}</td>`;
  return `<td><bdi>${escapeMarkup(cell ?? 'none')}</bdi></td>`;
}

function tableData({ id, title, columns, rows }: ReportTable): unknown {
  return { id, title, columns: columns.map(({ label }) => label), rows };
}

function dateText(date: Date): string {
  return date.toLocaleString('en-US', { dateStyle: 'long', timeStyle: 'short' });
}
