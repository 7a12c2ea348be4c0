import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react';
import { coordinateText, EXTENT, move, type Point, pointText, type Step, snapTo } from './plane.ts';

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** A point that moves by pointer, by touch, and by arrow keys in whole units (with Shift in tenths). */
export function Handle(props: {
  readonly name: 'A' | 'B';
  readonly point: Point;
  /** The other one, from which the name is written away. */
  readonly other: Point;
  /** Steps of the pointer. */
  readonly step: Step;
  readonly plane: RefObject<SVGSVGElement | null>;
  readonly onMove: (to: Point, how: 'pointer' | 'keys') => void;
}) {
  const { name, point, other, plane, onMove } = props;
  // From the pointer to the middle of the point where it was taken, so that it does not jump.
  const grip = useRef<Point>(undefined);

  const take = (event: PointerEvent<SVGGElement>) => {
    const at = planePoint(plane.current, event);
    if (!at || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { x: point.x - at.x, y: point.y - at.y };
  };
  const drag = (event: PointerEvent<SVGGElement>) => {
    const at = planePoint(plane.current, event);
    if (!at || !grip.current) return;
    const to = snapTo(
      { x: at.x + grip.current.x, y: at.y + grip.current.y },
      event.shiftKey ? 0.1 : props.step,
    );
    if (to.x !== point.x || to.y !== point.y) onMove(to, 'pointer');
  };
  const release = () => {
    grip.current = undefined;
  };
  const press = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    onMove(move(point, arrow[0], arrow[1], event.shiftKey ? 0.1 : 1), 'keys');
  };

  return (
    <g
      className="pg-handle"
      data-name={name}
      transform={`translate(${point.x} ${-point.y})`}
      role="slider"
      tabIndex={0}
      aria-label={`Point ${name}`}
      aria-roledescription="point on the plane"
      aria-valuemin={-EXTENT}
      aria-valuemax={EXTENT}
      aria-valuenow={point.x}
      aria-valuetext={`x ${coordinateText(point.x)}, y ${coordinateText(point.y)}`}
      onPointerDown={take}
      onPointerMove={drag}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={press}
    >
      <circle className="pg-hit" r={0.95} />
      <circle className="pg-focus" r={0.5} />
      <circle className="pg-dot" r={0.27} />
      <text {...labelPlace(point, other)}>
        {name} {pointText(point)}
      </text>
    </g>
  );
}

function labelPlace(point: Point, other: Point) {
  const above = point.y > other.y || (point.y === other.y && point.x >= other.x);
  const anchor = point.x > EXTENT - 2 ? 'end' : point.x < 2 - EXTENT ? 'start' : 'middle';
  // At the border the name has room on the inner side only.
  const isUp = point.y > EXTENT - 1 ? false : point.y < 1 - EXTENT ? true : above;
  return { y: isUp ? -0.55 : 0.95, textAnchor: anchor } as const;
}

function planePoint(svg: SVGSVGElement | null, event: PointerEvent): Point | undefined {
  const matrix = svg?.getScreenCTM();
  if (!matrix) return undefined;
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return { x, y: -y };
}
