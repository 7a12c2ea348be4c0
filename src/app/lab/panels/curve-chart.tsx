import { type KeyboardEvent, memo, type PointerEvent, useMemo } from 'react';
import { numberText, plainNumber } from './number-words.ts';
import { Swatch, type Which } from './runs-shown.tsx';
import { rangeOf, type Scale, type ScaleKind, scaleExactly, scaleOver, ticksOf } from './scale.ts';
import { indexAt, linePath, smooth } from './trace.ts';

/** A column of numbers of one run. */
export interface CurveLine {
  readonly which: Which;
  readonly name: string;
  /** Ascending. */
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** Whether a step has such a number at all: only a loss that is none itself has terms that are not numbers. */
  readonly has?: (at: number) => boolean;
}

export interface Reference {
  readonly value: number;
  readonly label: string;
}

interface CurveChartProps {
  readonly title: string;
  /** One sentence: what it tells. */
  readonly meaning?: string | undefined;
  readonly lines: readonly CurveLine[];
  /** Of steps; the same for all charts that are read together. */
  readonly across: Scale;
  readonly kind?: ScaleKind;
  /** Of what came before, in 0..1; the line as it is stays behind it, faint. */
  readonly smoothing?: number;
  /** What the values are within; otherwise the scale is over the lines. */
  readonly range?: readonly [number, number];
  /** Values that the scale shows whatever the lines are, with what they say. */
  readonly references?: readonly Reference[];
  /** The step that is read; without one the end of each line is. */
  readonly cursor: number | undefined;
  readonly onCursor: (step: number | undefined) => void;
  /** Where the reading is moved by keys: what is said there. */
  readonly slider?: { readonly label: string; readonly text: string };
  readonly isTall?: boolean;
  readonly words?: (value: number) => string;
  readonly tickWords?: (value: number) => string;
}

/** Columns of a drawing, and its height, in its own units: it is stretched to its place. */
const WIDTH = 400;
const HEIGHT = 100;

/** Lines over steps, with the values of one step read out above them. */
export const CurveChart = memo(function CurveChart(props: CurveChartProps) {
  const { title, meaning, lines, across, kind = 'linear', smoothing = 0, isTall = false } = props;
  const { range, references, cursor, onCursor, slider, words = numberText, tickWords = plainNumber } = props;
  const up = useMemo(() => {
    if (range) return scaleExactly(...range);
    const fixed = references?.map(({ value }) => value) ?? [];
    return scaleOver(rangeOf([...lines.map(({ values }) => values), fixed]) ?? [0, 1], kind);
  }, [lines, references, kind, range]);
  const drawn = useMemo(
    () =>
      lines.map((line) => {
        const calm = smooth(line.values, smoothing);
        const frame = { across, up, width: WIDTH, height: HEIGHT };
        return {
          ...line,
          calm,
          raw: calm === line.values ? undefined : linePath(line.steps, line.values, frame),
          path: linePath(line.steps, calm, frame),
        };
      }),
    [lines, across, up, smoothing],
  );
  const read = drawn.map((line) => {
    const at = readAt(line, cursor);
    return {
      ...line,
      step: at === undefined ? undefined : line.steps[at],
      value: at === undefined ? undefined : line.values[at],
    };
  });
  const percent = (share: number) => `${Math.min(100, Math.max(0, share * 100)).toFixed(2)}%`;
  const stepAt = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return Math.round(across.from + share * (across.to - across.from));
  };
  return (
    <figure className="lab-curve" data-tall={isTall || undefined}>
      <figcaption title={meaning}>
        <span className="lab-curve-title">
          {title}
          {kind === 'log' && up.kind === 'linear' && <small> linear: not all is above 0</small>}
        </span>
        <span className="lab-curve-values">
          {read.map(({ which, value }) => (
            <span key={which}>
              {lines.length > 1 && <Swatch which={which} />}
              {value === undefined ? '–' : words(value)}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="lab-curve-scale" aria-hidden="true">
        {ticksOf(up, isTall ? 5 : 3).map((tick) => (
          <span key={tick} style={{ bottom: percent(up.place(tick)) }}>
            {tickWords(tick)}
          </span>
        ))}
      </div>
      <div
        className="lab-curve-plot"
        onPointerMove={(event) => onCursor(stepAt(event))}
        onPointerDown={(event) => onCursor(stepAt(event))}
        onPointerLeave={(event) => {
          // A finger that is lifted leaves its reading behind.
          if (event.pointerType === 'mouse') onCursor(undefined);
        }}
        {...(!slider && { role: 'img', 'aria-label': describe(title, lines, words) })}
        {...(slider && {
          role: 'slider',
          tabIndex: 0,
          'aria-label': slider.label,
          'aria-valuemin': across.from,
          'aria-valuemax': across.to,
          'aria-valuenow': cursor ?? across.to,
          'aria-valuetext': slider.text,
          onKeyDown: (event: KeyboardEvent) => {
            const next = movedCursor(event, cursor, across);
            if (next === 'other') return;
            event.preventDefault();
            onCursor(next);
          },
        })}
      >
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {ticksOf(up, isTall ? 5 : 3).map((tick) => (
            <line key={tick} className="lab-grid" x2={WIDTH} {...level(up, tick)} />
          ))}
          {references?.map(({ value, label }) => (
            <line key={label} className="lab-reference" x2={WIDTH} {...level(up, value)} />
          ))}
          {drawn.map(
            ({ which, raw }) => raw && <path key={which} className="lab-raw" data-run={which} d={raw} />,
          )}
          {drawn.map(({ which, path }) => (
            <path key={which} className="lab-line" data-run={which} d={path} />
          ))}
        </svg>
        {labelsOf(references ?? [], up).map(({ label, share }) => (
          <span
            key={label}
            className="lab-reference-label"
            style={{ bottom: percent(share) }}
            aria-hidden="true"
          >
            {label}
          </span>
        ))}
        {cursor !== undefined && (
          <i className="lab-cursor" style={{ left: percent(across.place(cursor)) }} aria-hidden="true" />
        )}
        {read.map(
          ({ which, step, value }) =>
            step !== undefined &&
            value !== undefined &&
            Number.isFinite(up.place(value)) && (
              <i
                key={which}
                className="lab-dot"
                data-run={which}
                style={{ left: percent(across.place(step)), bottom: percent(up.place(value)) }}
                aria-hidden="true"
              />
            ),
        )}
      </div>
      {isTall && (
        <div className="lab-steps" aria-hidden="true">
          <span>{across.from.toLocaleString('en-US')}</span>
          <span>{cursor === undefined ? 'steps' : `step ${cursor.toLocaleString('en-US')}`}</span>
          <span>{across.to.toLocaleString('en-US')}</span>
        </div>
      )}
    </figure>
  );
});

/** The place of a line that is read at a step; undefined where it has no number there. */
export function readAt({ steps, has }: CurveLine, cursor: number | undefined): number | undefined {
  const at = cursor === undefined ? steps.length - 1 : indexAt(steps, cursor);
  // Beyond the end of a shorter run there is nothing to read.
  const isBeyond = cursor !== undefined && cursor > (steps.at(-1) ?? Number.NEGATIVE_INFINITY);
  return at < 0 || isBeyond || has?.(at) === false ? undefined : at;
}

function level(up: Scale, value: number) {
  const y = (1 - up.place(value)) * HEIGHT;
  return { y1: y, y2: y };
}

/** Height of a line of letters, as a share of the chart's. */
const LINE = 0.085;

/** Names of levels above them, moved up where they would stand upon each other. */
function labelsOf(references: readonly Reference[], up: Scale) {
  let free = 0;
  return references
    .map(({ value, label }) => ({ label, share: up.place(value) }))
    .sort((a, b) => a.share - b.share)
    .map(({ label, share }) => {
      const at = Math.max(free, share);
      free = at + LINE;
      return { label, share: at };
    });
}

/** Where a key leads: by a hundredth of the steps, a tenth, or to an end. */
export function movedCursor(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  cursor: number | undefined,
  { from, to }: Scale,
): number | undefined | 'other' {
  const stride = Math.max(1, Math.round((to - from) / (shiftKey ? 10 : 100)));
  const far = Math.max(1, Math.round((to - from) / 10));
  const at = cursor ?? to;
  const within = (step: number) => Math.min(to, Math.max(from, step));
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(at - stride);
    case 'ArrowRight':
    case 'ArrowUp':
      return within(at + stride);
    case 'PageDown':
      return within(at - far);
    case 'PageUp':
      return within(at + far);
    case 'Home':
      return from;
    case 'End':
      return to;
    case 'Escape':
      return undefined;
    default:
      return 'other';
  }
}

/** A chart in words, for who does not see it. */
function describe(title: string, lines: readonly CurveLine[], words: (value: number) => string): string {
  const each = lines.map(({ name, steps, values }) => {
    const first = values.findIndex(Number.isFinite);
    const last = values.findLastIndex(Number.isFinite);
    const [from, to] = [values[first], values[last]];
    if (from === undefined || to === undefined) return 'no values yet';
    const of = lines.length > 1 ? `${name}: ` : '';
    return `${of}${words(from)} at step ${steps[first]}, ${words(to)} at step ${steps[last]}`;
  });
  return `${title}. ${each.join('; ')}.`;
}
