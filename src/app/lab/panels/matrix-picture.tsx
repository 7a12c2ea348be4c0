import { Button, Switch } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { gradientOf, paletteOf } from '../../../matrix/palette.ts';
import { act } from '../../jobs.ts';
import { type Cell, type ColorRange, colorRangeOf, movedCell, type SquareMatrix } from './matrix-numbers.ts';
import { numberText, plainNumber } from './number-words.ts';
import './pictures.css';

interface MatrixPictureProps {
  readonly title: string;
  readonly matrix: SquareMatrix;
  /** What rows and columns are: "image", "audio". */
  readonly sides: readonly [string, string];
  /** What a row or a column is one of: "dimension", "item". */
  readonly unit: string;
  /** Where rows and columns fall into two blocks: how many are in the first, and what the blocks are called. */
  readonly blocks?: { readonly first: number; readonly names: readonly [string, string] } | undefined;
  /** Whether colors are as wide as the values at first, instead of from −1 to 1. */
  readonly isStretched?: boolean;
  /** The picture in words, for who does not see it. */
  readonly description: string;
}

/** A matrix of correlations or cosines as a picture, whose cells are read by pointer or keys. */
export function MatrixPicture(props: MatrixPictureProps) {
  const { title, matrix, sides, unit, blocks, isStretched = false, description } = props;
  const { size } = matrix;
  const canvas = useRef<HTMLCanvasElement>(null);
  const help = useId();
  const [cell, setCell] = useState<Cell | undefined>();
  const [stretched, setStretched] = useState(isStretched);
  const range = useMemo(() => colorRangeOf(matrix, stretched), [matrix, stretched]);
  const { middle, reach } = range;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(pixelsOf(matrix, range), matrix.size, matrix.size), 0, 0);
  }, [matrix, range]);
  const read = cell && cell.row < size && cell.column < size ? cell : undefined;
  const cellAt = (event: PointerEvent<HTMLElement>): Cell => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (share: number) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
    return {
      row: place((event.clientY - box.top) / box.height),
      column: place((event.clientX - box.left) / box.width),
    };
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = movedCell(event, read, size);
    if (next === 'other') return;
    event.preventDefault();
    setCell(next);
  };
  return (
    <figure className="lab-matrix">
      <figcaption className="lab-curve-title">{title}</figcaption>
      <div className="lab-matrix-top">{sides[1]} →</div>
      <div className="lab-matrix-side">{sides[0]} →</div>
      <div
        className="lab-matrix-plot"
        role="application"
        aria-roledescription="matrix"
        aria-label={`${title}. ${description}`}
        aria-describedby={help}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its cells are read by keys
        tabIndex={0}
        onPointerMove={(event) => setCell(cellAt(event))}
        onPointerDown={(event) => setCell(cellAt(event))}
        onPointerLeave={(event) => {
          if (event.pointerType === 'mouse') setCell(undefined);
        }}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} width={size} height={size} />
        <svg viewBox={`0 0 ${size} ${size}`} aria-hidden="true">
          {blocks && blocks.first > 0 && blocks.first < size && (
            <path className="lab-blocks" d={`M${blocks.first} 0V${size}M0 ${blocks.first}H${size}`} />
          )}
          {read && <rect className="lab-cell" x={read.column} y={read.row} width={1} height={1} />}
        </svg>
        {blocks?.names.map((name, at) => {
          const share = at === 0 ? blocks.first / size : 1 - blocks.first / size;
          return (
            // A name needs the room of one.
            share > 0.15 && (
              <span
                key={name}
                className="lab-block-name"
                style={at === 0 ? { left: 4, top: 4 } : { right: 4, bottom: 4 }}
                aria-hidden="true"
              >
                {name}
              </span>
            )
          );
        })}
      </div>
      <div className="lab-matrix-scale" aria-hidden="true">
        <i style={{ backgroundImage: gradientOf('difference') }} />
        {[middle - reach, middle, middle + reach].map((value) => (
          <span key={value}>{plainNumber(value)}</span>
        ))}
      </div>
      <Switch
        size="xs"
        label="Colors as wide as the values"
        checked={stretched}
        onChange={({ currentTarget: { checked } }) => setStretched(checked)}
      />
      <div className="lab-matrix-foot">
        <span role="status">
          {read ? cellText(props, read) : 'Point at a cell, or walk with the arrow keys.'}
        </span>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => act(() => savePicture(canvas.current, title))}
        >
          Save PNG
        </Button>
      </div>
      <p id={help} className="visually-hidden">
        Arrow keys move from {unit} to {unit}, with shift by eight; Home, End, Page up and Page down go to the
        edges.
      </p>
    </figure>
  );
}

function cellText({ matrix, sides, unit, blocks }: MatrixPictureProps, { row, column }: Cell): string {
  const value = numberText(matrix.values[row * matrix.size + column] ?? Number.NaN);
  const blockOf = (place: number) => (blocks ? ` (${blocks.names[place < blocks.first ? 0 : 1]})` : '');
  const capital = unit.replace(/^./, (letter) => letter.toUpperCase());
  return `${capital} ${row + 1} of ${sides[0]}${blockOf(row)}, ${column + 1} of ${sides[1]}${blockOf(column)}: ${value}`;
}

/** Orange above the middle, violet below, white at it; what is no number is gray. */
function pixelsOf(
  { size, values }: SquareMatrix,
  { middle, reach }: ColorRange,
): Uint8ClampedArray<ArrayBuffer> {
  const colors = paletteOf('difference');
  const pixels = new Uint8ClampedArray(size * size * 4);
  for (let at = 0; at < size * size; at++) {
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value)) {
      pixels.set([128, 128, 128, 255], at * 4);
      continue;
    }
    const place = 3 * Math.round(128 + 127 * Math.min(1, Math.max(-1, (value - middle) / reach)));
    pixels.set(colors.subarray(place, place + 3), at * 4);
    pixels[at * 4 + 3] = 255;
  }
  return pixels;
}

/** Side of a saved picture, at least, in pixels. */
const SAVED_SIDE = 512;

async function savePicture(canvas: HTMLCanvasElement | null, title: string): Promise<void> {
  if (!canvas) return;
  const times = Math.ceil(SAVED_SIDE / canvas.width);
  const large = new OffscreenCanvas(canvas.width * times, canvas.height * times);
  const context = large.getContext('2d');
  if (!context) throw new Error('This browser gives no 2D canvas, so the picture cannot be saved.');
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, large.width, large.height);
  const url = URL.createObjectURL(await large.convertToBlob({ type: 'image/png' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `nearfield-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.png`;
  link.click();
  // The browser reads the file after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
