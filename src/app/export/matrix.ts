/** The distance matrix on the page as a picture and a drawing: all of it, also where the page shows a part. */
import type { Job } from '../../common/job.ts';
import { type Figure, type FigureSheet, sheetOf } from '../../export/figure.ts';
import { MATRIX_SIDE, type MatrixDrawing, matrixCorner, matrixFigure } from '../../export/matrix.ts';
import { paintSheet } from '../../export/raster.ts';
import type { LegendEntry, Paint } from '../../export/svg.ts';
import { placeTree } from '../../matrix/edges.ts';
import { paletteOf, stopsOf } from '../../matrix/palette.ts';
import type { MatrixPicture } from '../../matrix/picture.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import { itemsShown, legendWords } from '../matrix/legend-words.ts';
import { metricsOf, readMatrix, type ShownMatrix } from '../matrix/state.ts';
import { dataUrlOf } from './pictures.ts';
import { labelLegend, nameOf } from './subject.ts';

/** Pixels of a side inside a drawing: beyond, a pixel is the mean of a block, as noise is hardly made smaller by PNG. */
const MOST_EMBEDDED = 2_048;
/** A picture of few cells is still sharp on a page of paper. */
const LEAST_PIXELS = 1_280;

const ORDERS = { added: 'as added', label: 'by label', cluster: 'by cluster', map: 'by place on the map' };

/** @throws {RangeError} where no matrix is on the page */
export function matrixOnPage(): ShownMatrix {
  const { shown } = readMatrix();
  if (shown) return shown;
  throw new RangeError('No distance matrix is on the page. Open it with the key x, or await matrix() first.');
}

/** In the name of a file. */
export function matrixSubject({ setting, ids }: ShownMatrix): string {
  const how = setting.showing === 'difference' ? ['difference'] : [];
  return [...metricsOf(setting), ...how, `by-${setting.order}`, `${ids.length}-items`].join('-');
}

export async function drawMatrix(shown: ShownMatrix, paint: Paint): Promise<FigureSheet> {
  const figure = await drawnMatrix(shown, paint);
  return sheetOf([figure], figure.title, paint, legendOf(shown));
}

/** With its cells inside. */
export async function drawnMatrix(shown: ShownMatrix, paint: Paint): Promise<Figure> {
  const level = shown.picture.levels.find(({ width }) => width <= MOST_EMBEDDED);
  const cells = rasterOf(shown.picture, level);
  const raster = await dataUrlOf(await cells.convertToBlob({ type: 'image/png' }));
  return matrixFigure(drawingOf(shown, raster), paint);
}

/** Every cell with the same whole number of pixels. */
export async function pictureMatrix(shown: ShownMatrix, paint: Paint, { signal }: Job): Promise<Blob> {
  const { picture } = shown;
  const drawing = drawingOf(shown, undefined);
  const figure = matrixFigure(drawing, paint);
  const sheet = sheetOf([figure], figure.title, paint, legendOf(shown));
  const side = picture.count * Math.max(1, Math.ceil(LEAST_PIXELS / picture.count));
  const sharpness = side / MATRIX_SIDE;
  const canvas = new OffscreenCanvas(Math.ceil(sheet.width * sharpness), Math.ceil(sheet.height * sharpness));
  const context = canvas.getContext('2d');
  if (!context) {
    throw new Error(`This browser gives no canvas of ${canvas.width} pixels a side. Export an SVG.`);
  }
  await paintSheet(context, sheet, sharpness);
  signal?.throwIfAborted();
  const { x, y } = matrixCorner(drawing);
  const [place = { x: 0, y: 0 }] = sheet.places;
  const [left, top] = [Math.round((place.x + x) * sharpness), Math.round((place.y + y) * sharpness)];
  context.imageSmoothingEnabled = false;
  context.drawImage(rasterOf(picture, picture.levels[0]), left, top, side, side);
  return canvas.convertToBlob({ type: 'image/png' });
}

function drawingOf(shown: ShownMatrix, raster: string | undefined): MatrixDrawing {
  const { ids, picture, setting, tree, order, colors } = shown;
  const names = metricsOf(setting).map((metric) => catalogue[metric].label);
  const placed = tree && placeTree(tree, order);
  const linkage = setting.order === 'cluster' ? ` (${setting.linkage} linkage)` : '';
  const scale = setting.scale === 'rank' ? 'ranks' : 'distances';
  return {
    title: `Distance matrix: ${names.join(setting.showing === 'difference' ? ' less ' : ' and ')}`,
    subtitle: `${itemsShown(shown)}, ordered ${ORDERS[setting.order]}${linkage}; colors by ${scale}`,
    count: ids.length,
    raster,
    names: ids.map(nameOf),
    stops: stopsOf(picture.colors),
    ends: legendWords(shown),
    colors,
    tree: placed && { ...placed, children: placed.tree.children },
  };
}

const legendOf = ({ colors }: ShownMatrix): LegendEntry[] => (colors ? labelLegend() : []);

function rasterOf({ bytes, colors }: MatrixPicture, level = { offset: 0, width: 1 }): OffscreenCanvas {
  const { offset, width } = level;
  const palette = paletteOf(colors);
  const image = new ImageData(width, width);
  const pixels = image.data;
  for (let cell = 0; cell < width * width; cell++) {
    const color = (bytes[offset + cell] ?? 0) * 3;
    pixels[4 * cell] = palette[color] ?? 0;
    pixels[4 * cell + 1] = palette[color + 1] ?? 0;
    pixels[4 * cell + 2] = palette[color + 2] ?? 0;
    pixels[4 * cell + 3] = 255;
  }
  const canvas = new OffscreenCanvas(width, width);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no 2D canvas for the matrix. Take fewer items.');
  context.putImageData(image, 0, 0);
  return canvas;
}
