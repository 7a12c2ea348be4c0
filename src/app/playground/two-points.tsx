import { Group, NumberInput, SegmentedControl, Slider, Switch, Text, VisuallyHidden } from '@mantine/core';
import { useRef, useState } from 'react';
import { distanceText } from '../words.ts';
import { useAnnouncer } from './announcer.ts';
import { ChallengeList } from './challenge-list.tsx';
import { Handle } from './handle.tsx';
import { Ball, MetricLayer } from './layers.tsx';
import { distance, PLANE_METRICS, type PlaneMetric } from './measures.ts';
import { MetricCard } from './metric-card.tsx';
import { coordinateText, EXTENT, type Point, snapTo } from './plane.ts';
import { Clipped, PlaneView, Ticks } from './plane-view.tsx';

type Shown = PlaneMetric | 'all';
/** Of the circle about A: none, 1, or a share of the way to B, from 0 to 1. */
type Radius = 'none' | 'one' | number;

/** Two points on a plane, and what each metric makes of them. */
export function TwoPoints() {
  const [points, setPoints] = useState<Record<'a' | 'b', Point>>({ a: { x: 3, y: 2 }, b: { x: 1, y: 5 } });
  const [shown, setShown] = useState<Shown>('all');
  const [isFine, setFine] = useState(false);
  const [radius, setRadius] = useState<Radius>('none');
  const [path, setPath] = useState(0);
  const [said, announce] = useAnnouncer();
  const plane = useRef<SVGSVGElement>(null);
  const { a, b } = points;
  const metrics = PLANE_METRICS.filter(({ id }) => shown === 'all' || shown === id);

  const moveTo = (which: 'a' | 'b', to: Point, how: 'pointer' | 'keys') => {
    const next = { ...points, [which]: to };
    setPoints(next);
    if (how === 'keys') announce(sayDistances(which, next.a, next.b));
  };
  const handle = (which: 'a' | 'b') => (
    <Handle
      name={which === 'a' ? 'A' : 'B'}
      point={points[which]}
      other={points[which === 'a' ? 'b' : 'a']}
      step={isFine ? 0.1 : 1}
      plane={plane}
      onMove={(to, how) => moveTo(which, to, how)}
    />
  );

  return (
    <div className="pg-columns">
      <div className="pg-stage" data-all={shown === 'all' || undefined}>
        <SegmentedControl
          className="pg-metrics"
          fullWidth
          size="sm"
          aria-label="Metric that is drawn"
          value={shown}
          onChange={setShown}
          data={[
            { value: 'all', label: 'All' },
            ...PLANE_METRICS.map(({ id, label }) => ({ value: id, label })),
          ]}
        />
        <PlaneView ref={plane} label="Plane with the points A and B">
          <Clipped id="pg-two">
            {radius !== 'none' &&
              metrics.map(({ id }) => (
                <Ball key={id} metric={id} center={a} radius={radiusOf(radius, id, a, b)} />
              ))}
            {metrics.map(({ id }) => (
              <MetricLayer key={id} metric={id} a={a} b={b} path={path} />
            ))}
          </Clipped>
          <Ticks />
          {handle('a')}
          {handle('b')}
        </PlaneView>
        <dl className="pg-readout">
          {PLANE_METRICS.map(({ id, label }) => (
            <div key={id} data-metric={id}>
              <dt>{label}</dt>
              <dd>{distanceText(distance(id, a, b))}</dd>
            </div>
          ))}
        </dl>
        <Group gap="sm" align="end">
          <Coordinates name="A" point={a} onChange={(to) => moveTo('a', to, 'keys')} />
          <Coordinates name="B" point={b} onChange={(to) => moveTo('b', to, 'keys')} />
          <Switch
            label="Drag in tenths"
            checked={isFine}
            onChange={(event) => setFine(event.currentTarget.checked)}
          />
        </Group>
        <Circles radius={radius} onChange={setRadius} />
      </div>
      <div className="pg-side">
        {PLANE_METRICS.map((metric) => (
          <MetricCard
            key={metric.id}
            metric={metric}
            a={a}
            b={b}
            isChosen={shown === metric.id}
            isBrief={shown !== 'all' && shown !== metric.id}
            onNextPath={() => setPath(path + 1)}
          />
        ))}
        <ChallengeList a={a} b={b} onReveal={(answer) => setPoints({ ...answer })} />
      </div>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </div>
  );
}

function radiusOf(radius: 'one' | number, metric: PlaneMetric, a: Point, b: Point): number {
  return radius === 'one' ? 1 : radius * distance(metric, a, b);
}

function sayDistances(which: 'a' | 'b', a: Point, b: Point): string {
  const { x, y } = which === 'a' ? a : b;
  const all = PLANE_METRICS.map(({ id, label }) => `${label} ${distanceText(distance(id, a, b))}`);
  return `${which.toUpperCase()} at x ${coordinateText(x)}, y ${coordinateText(y)}. ${all.join(', ')}.`;
}

function Coordinates(props: {
  readonly name: string;
  readonly point: Point;
  readonly onChange: (to: Point) => void;
}) {
  const { name, point, onChange } = props;
  return (
    <Group gap={6} wrap="nowrap">
      {(['x', 'y'] as const).map((axis) => (
        <NumberInput
          key={axis}
          className="pg-number"
          size="xs"
          label={`${name}, ${axis}`}
          min={-EXTENT}
          max={EXTENT}
          decimalScale={1}
          clampBehavior="strict"
          value={point[axis]}
          onChange={(value) => {
            if (typeof value === 'number') onChange(snapTo({ ...point, [axis]: value }, 0.1));
          }}
        />
      ))}
    </Group>
  );
}

function Circles({ radius, onChange }: { readonly radius: Radius; readonly onChange: (to: Radius) => void }) {
  const share = typeof radius === 'number' ? Math.round(radius * 100) : 100;
  return (
    <div className="pg-circles">
      <SegmentedControl
        size="xs"
        aria-label="Circle about A"
        value={typeof radius === 'number' ? 'share' : radius}
        onChange={(value) => onChange(value === 'share' ? 1 : value === 'one' ? 'one' : 'none')}
        data={[
          { value: 'none', label: 'No circles' },
          { value: 'one', label: 'Radius 1' },
          { value: 'share', label: 'Up to B' },
        ]}
      />
      {typeof radius === 'number' && (
        <Slider
          className="pg-slider"
          min={0}
          max={100}
          step={5}
          value={share}
          label={(value) => `${value} %`}
          thumbLabel="Radius of the circle about A, in per cent of the distance to B"
          onChange={(value) => onChange(value / 100)}
        />
      )}
      <Text size="sm" c="var(--quiet)">
        {radius === 'none'
          ? 'Drag A and B, or move them with the arrow keys (with Shift in tenths).'
          : radius === 'one'
            ? 'Shaded: all within distance 1 of A. Each metric has a circle of its own: a disc, a diamond, a cone, whole quarters.'
            : `Shaded: all that is at most ${share} % as far from A as B is, by each metric.`}
      </Text>
    </div>
  );
}
