import { useMemo } from 'react';
import { numberText, plainNumber } from './number-words.ts';
import type { Which } from './runs-shown.tsx';
import { rangeOf, type Scale, scaleOver, ticksOf } from './scale.ts';

/** How two numbers of a run moved while it trained. */
export interface Trace {
  readonly which: Which;
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly x: number; readonly y: number }[];
}

interface TracePlotProps {
  readonly title: string;
  readonly traces: readonly Trace[];
  readonly x: Axis;
  readonly y: Axis;
}

interface Axis {
  readonly name: string;
  /** Which way is better, as an arrow tells it. */
  readonly better: string;
}

/** Two numbers against each other, with the way that each run took: from its ring to its dot. */
export function TracePlot({ title, traces, x, y }: TracePlotProps) {
  const finite = useMemo(
    () =>
      traces.map((trace) => ({
        ...trace,
        points: trace.points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y)),
      })),
    [traces],
  );
  const across = scaleFor(finite.map(({ points }) => points.map((point) => point.x)));
  const up = scaleFor(finite.map(({ points }) => points.map((point) => point.y)));
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const described = finite.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return `${name}: nothing measured`;
    const at = (point: typeof first) => `${x.name} ${numberText(point.x)}, ${y.name} ${numberText(point.y)}`;
    return `${name}: from ${at(first)} at step ${first.step} to ${at(last)} at step ${last.step}`;
  });
  return (
    <figure className="lab-trace">
      <div className="lab-trace-y" aria-hidden="true">
        {y.name} {y.better}
      </div>
      <div className="lab-curve-scale" aria-hidden="true">
        {ticksOf(up, 4).map((tick) => (
          <span key={tick} style={{ bottom: percent(up.place(tick)) }}>
            {plainNumber(tick)}
          </span>
        ))}
      </div>
      <div className="lab-trace-plot" role="img" aria-label={`${title}. ${described.join('; ')}.`}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {ticksOf(up, 4).map((tick) => {
            const at = 100 * (1 - up.place(tick));
            return <line key={tick} className="lab-grid" x2={100} y1={at} y2={at} />;
          })}
          {ticksOf(across, 4).map((tick) => {
            const at = 100 * across.place(tick);
            return <line key={tick} className="lab-grid" y2={100} x1={at} x2={at} />;
          })}
          {finite.map(({ which, points }) => (
            <path
              key={which}
              className="lab-line"
              data-run={which}
              d={points
                .map((point, at) => {
                  const place = [across.place(point.x), 1 - up.place(point.y)];
                  return (at === 0 ? 'M' : 'L') + place.map((share) => (100 * share).toFixed(2)).join(' ');
                })
                .join('')}
            />
          ))}
        </svg>
        {finite.map(({ which, points }) =>
          [points[0], points.at(-1)].map(
            (point, at) =>
              point && (
                <i
                  // biome-ignore lint/suspicious/noArrayIndexKey: the two ends have no identity but their place
                  key={`${which} ${at}`}
                  className="lab-dot"
                  data-run={which}
                  data-start={at === 0 || undefined}
                  style={{ left: percent(across.place(point.x)), bottom: percent(up.place(point.y)) }}
                  aria-hidden="true"
                />
              ),
          ),
        )}
      </div>
      <div className="lab-trace-across" aria-hidden="true">
        {ticksOf(across, 4).map((tick) => (
          <span key={tick} style={{ left: percent(across.place(tick)) }}>
            {plainNumber(tick)}
          </span>
        ))}
      </div>
      <div className="lab-trace-x" aria-hidden="true">
        {x.name} {x.better}
      </div>
    </figure>
  );
}

function scaleFor(columns: readonly (readonly number[])[]): Scale {
  return scaleOver(rangeOf(columns) ?? [0, 1], 'linear');
}
