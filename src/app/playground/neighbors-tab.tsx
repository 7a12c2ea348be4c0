import { Button, SegmentedControl, Slider, Text, VisuallyHidden } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { distanceText } from '../words.ts';
import { Ball } from './layers.tsx';
import { PLANE_METRICS, type PlaneMetric } from './measures.ts';
import { type Cloud, makeCloud, mostContested, type Neighbor, nearestOf } from './nearest.ts';
import { EXTENT, pointText } from './plane.ts';
import { Clipped, PlaneView, pathThrough, Ticks } from './plane-view.tsx';
import { RankTable } from './rank-table.tsx';

const MOST = 8;
const USUAL = 5;

/** Points on a plane: the nearest of one of them, under each metric. */
export function NeighborsTab() {
  const [seed, setSeed] = useState(1);
  const [cloud, setCloud] = useState<Cloud>();
  const [metric, setMetric] = useState<PlaneMetric>('euclidean');
  const [k, setK] = useState(USUAL);
  const [chosen, setChosen] = useState(0);

  useEffect(() => {
    let isWanted = true;
    makeCloud(seed).then((next) => {
      if (!isWanted) return;
      setCloud(next);
      setChosen(mostContested(next, USUAL));
    });
    return () => {
      isWanted = false;
    };
  }, [seed]);

  if (!cloud) return null;
  const lists = PLANE_METRICS.map((view) => ({ ...view, nearest: nearestOf(cloud, chosen, view.id, k) }));
  const nearest = lists.find(({ id }) => id === metric)?.nearest ?? [];
  return (
    <div className="pg-columns">
      <div className="pg-stage">
        <SegmentedControl
          className="pg-metrics"
          fullWidth
          size="sm"
          aria-label="Metric of the neighbors"
          value={metric}
          onChange={setMetric}
          data={PLANE_METRICS.map(({ id, label }) => ({ value: id, label }))}
        />
        <PlaneView label="Plane with 24 points">
          <Clipped id="pg-near">
            <Reach cloud={cloud} chosen={chosen} metric={metric} nearest={nearest} />
            <Cuts cloud={cloud} chosen={chosen} metric={metric} />
          </Clipped>
          <Ticks />
          <Links cloud={cloud} chosen={chosen} metric={metric} nearest={nearest} />
          <Dots cloud={cloud} chosen={chosen} nearest={nearest} onChoose={setChosen} />
        </PlaneView>
        <Text size="sm" c="var(--quiet)">
          Choose a point with the pointer, or walk through them with the arrow keys.
        </Text>
      </div>
      <div className="pg-side">
        <div className="pg-circles">
          <Text size="sm">Neighbors: {k}</Text>
          <Slider
            className="pg-slider"
            min={1}
            max={MOST}
            value={k}
            label={null}
            thumbLabel="Number of neighbors"
            onChange={setK}
          />
          <Button size="compact-sm" variant="default" onClick={() => setSeed(seed + 1)}>
            New points
          </Button>
        </div>
        <RankTable lists={lists} metric={metric} chosen={chosen} k={k} />
        <VisuallyHidden role="status">
          {`Point ${chosen + 1}, nearest by ${metric}: ${nearest.map(({ index }) => index + 1).join(', ')}`}
        </VisuallyHidden>
      </div>
    </div>
  );
}

interface Drawn {
  readonly cloud: Cloud;
  readonly chosen: number;
  readonly metric: PlaneMetric;
}

/** What the metric looks at beside the points: the ray of the chosen one, or the medians. */
function Cuts({ cloud, chosen, metric }: Drawn) {
  const point = cloud.points[chosen];
  const { x, y } = cloud.thresholds;
  if (metric === 'hamming') {
    return (
      <g data-metric={metric}>
        <path className="pg-cut" d={`M${x} ${-EXTENT}V${EXTENT}M${-EXTENT} ${-y}H${EXTENT}`} />
      </g>
    );
  }
  if (metric !== 'cosine' || !point) return null;
  const far = { x: point.x * 99, y: point.y * 99 };
  return (
    <g data-metric={metric}>
      <path className="pg-cut" d={pathThrough([{ x: 0, y: 0 }, far])} />
    </g>
  );
}

/** All that is as near as the last of the nearest. Of Hamming the medians say that. */
function Reach({ cloud, chosen, metric, nearest }: Drawn & { readonly nearest: readonly Neighbor[] }) {
  const center = cloud.points[chosen];
  const last = nearest.at(-1);
  if (!center || !last || metric === 'hamming') return null;
  return <Ball metric={metric} center={center} radius={last.distance} />;
}

function Links({ cloud, chosen, metric, nearest }: Drawn & { readonly nearest: readonly Neighbor[] }) {
  const from = cloud.points[chosen];
  if (!from) return null;
  return (
    <g data-metric={metric}>
      {nearest.map(({ index }) => {
        const to = cloud.points[index];
        if (!to) return null;
        // A Manhattan neighbor is reached along the grid.
        const corner = metric === 'manhattan' ? [{ x: to.x, y: from.y }] : [];
        return <path key={index} className="pg-line" d={pathThrough([from, ...corner, to])} />;
      })}
    </g>
  );
}

function Dots(props: {
  readonly cloud: Cloud;
  readonly chosen: number;
  readonly nearest: readonly Neighbor[];
  readonly onChoose: (index: number) => void;
}) {
  const { cloud, chosen, nearest, onChoose } = props;
  const group = useRef<SVGGElement>(null);
  const count = cloud.points.length;
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (chosen + step + count) % count;
    onChoose(next);
    group.current?.querySelector<SVGGElement>(`[data-index="${next}"]`)?.focus();
  };
  return (
    <g ref={group} role="radiogroup" aria-label="Points, from left to right" onKeyDown={walk}>
      {cloud.points.map((point, index) => {
        const rank = nearest.findIndex((neighbor) => neighbor.index === index);
        return (
          // biome-ignore lint/a11y/useSemanticElements: an input cannot be drawn in SVG
          <g
            key={pointText(point)}
            className="pg-point"
            data-index={index}
            data-near={rank !== -1 || undefined}
            transform={`translate(${point.x} ${-point.y})`}
            role="radio"
            aria-checked={index === chosen}
            aria-label={`Point ${index + 1} at ${pointText(point)}${rank === -1 ? '' : `, neighbor ${rank + 1} at distance ${distanceText(nearest[rank]?.distance ?? 0)}`}`}
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => onChoose(index)}
          >
            <circle className="pg-hit" r={0.75} />
            <circle className="pg-focus" r={0.52} />
            <circle className="pg-dot" r={0.36} />
            <text y={0.13} textAnchor="middle">
              {index + 1}
            </text>
          </g>
        );
      })}
    </g>
  );
}
