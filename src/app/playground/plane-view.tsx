import type { ReactNode, Ref } from 'react';
import { coordinateText, EXTENT, type Point } from './plane.ts';

const EDGE = EXTENT + 0.3;
const TICKS = Array.from({ length: 2 * EXTENT + 1 }, (_, i) => i - EXTENT);

/** The grid with its axes and numbers. What lies on it is drawn in units, with y downward as SVG has it. */
export function PlaneView(props: {
  readonly label: string;
  readonly children: ReactNode;
  readonly ref?: Ref<SVGSVGElement>;
}) {
  return (
    <div className="pg-plane">
      {/* biome-ignore lint/a11y/useSemanticElements: no element groups what is drawn in SVG */}
      <svg
        ref={props.ref}
        viewBox={`${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}`}
        role="group"
        aria-label={props.label}
      >
        <g>
          {TICKS.map((at) => (
            <g key={at} className={at === 0 ? 'pg-axis' : 'pg-grid'}>
              <line x1={at} x2={at} y1={-EXTENT} y2={EXTENT} />
              <line y1={at} y2={at} x1={-EXTENT} x2={EXTENT} />
            </g>
          ))}
        </g>
        {props.children}
      </svg>
    </div>
  );
}

/** Numbers at the axes; drawn after what fills the plane, so that they stay readable. */
export function Ticks() {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of SVG cannot take the focus
    <g aria-hidden="true" className="pg-ticks">
      {TICKS.filter((at) => at !== 0).map((at) => (
        <g key={at} data-odd={at % 2 !== 0 || undefined}>
          <text x={at} y={0.52} textAnchor="middle">
            {coordinateText(at)}
          </text>
          <text x={-0.16} y={-at + 0.13} textAnchor="end">
            {coordinateText(at)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Keeps what is drawn inside the grid. */
export function Clipped({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <>
      <clipPath id={id}>
        <rect x={-EXTENT} y={-EXTENT} width={2 * EXTENT} height={2 * EXTENT} />
      </clipPath>
      <g clipPath={`url(#${id})`}>{children}</g>
    </>
  );
}

/** SVG path data through points of the plane. */
export function pathThrough(points: readonly Point[], end: 'open' | 'closed' = 'open'): string {
  const pairs = points.map(({ x, y }) => `${short(x)} ${short(-y)}`);
  return `M${pairs.join('L')}${end === 'closed' ? 'Z' : ''}`;
}

const short = (value: number): number => Math.round(value * 1e4) / 1e4;
