import { SegmentedControl, Switch } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import type { Honesty } from '../../compare/measure-honesty.ts';
import { straysOf } from '../../compare/neighborhoods.ts';
import { metricName } from '../compare/setting.ts';
import { rowsIn } from '../map-marks.ts';
import { useAnswer } from '../measures/ask.ts';
import { paint, unpaint, type Values } from '../measures/coloring.ts';
import { askHonesties } from '../measures/questions.ts';
import { qualityAt, scoresOf } from '../measures/scores.ts';
import { useMeasures, writeMeasures } from '../measures/state.ts';
import { drawStrays } from '../measures/stray-lines.ts';
import { areMapsNow, type MapSubject, type Subjects } from '../measures/subjects.ts';
import { honestyOfItemsTable, honestyTable, type NamedHonesty, shepardTable } from '../measures/tables.ts';
import { count } from '../words.ts';
import { Asked, Quiet } from './measures-asked.tsx';
import { nameOf, SaveTable } from './measures-save.tsx';
import { ScoreTable } from './measures-scores.tsx';
import { ShepardView } from './measures-shepard.tsx';

const SIZES = [15, 50, 150];

/** How far maps can be trusted. */
export function MeasuresHonesty({ subjects }: { readonly subjects: Subjects }) {
  const { maps, settled } = subjects;
  const items = maps[0]?.ids.length ?? 0;
  const question = useMemo(
    () => (settled && items > 2 ? askHonesties(maps) : undefined),
    [maps, settled, items],
  );
  const asked = useAnswer(question);
  return (
    <Asked asked={asked} items={items} waiting={settled ? undefined : 'The map is still settling.'}>
      {(answers) => <Answered maps={maps} answers={answers} />}
    </Asked>
  );
}

function Answered({
  maps,
  answers,
}: {
  readonly maps: readonly MapSubject[];
  readonly answers: readonly Honesty[];
}) {
  const size = useMeasures((state) => state.honestySize);
  const measured = useMemo(
    () =>
      maps.flatMap((map, at) => {
        const honesty = answers[at];
        return honesty && honesty.maps.length > 0 ? [{ ...map, honesty }] : [];
      }),
    [maps, answers],
  );
  usePaint(measured, size);
  useLines(measured);
  const [first] = measured;
  if (!first) return <Quiet>Three items are needed to have something to compare. Add some.</Quiet>;
  return (
    <>
      <div className="measures-line">
        <span className="measures-label">Neighborhood of</span>
        <SegmentedControl
          size="xs"
          aria-label="Neighbors that trustworthiness and continuity look at"
          value={String(size)}
          data={SIZES.map(String)}
          onChange={(value) => writeMeasures({ honestySize: Number(value) })}
        />
      </div>
      <Few honesty={first.honesty} />
      <ScoreTable maps={measured.map(({ name, honesty }) => ({ name, scores: scoresOf(honesty, size) }))} />
      <Sample
        honesty={first.honesty}
        metric={metricName(first.setting.metric)}
        several={measured.length > 1}
      />
      <SaveTable what="These numbers" table={() => honestyTable(measured, size)} />
      {measured.map((map) => (
        <Readings key={map.name} map={map} size={size} isOnly={measured.length === 1} />
      ))}
      <OnTheMap />
      <SaveTable what="Every item" table={() => honestyOfItemsTable(measured, nameOf)} />
      <ShepardView maps={measured} />
      <SaveTable what="The diagram" table={() => shepardTable(measured)} diagram={{ view: 'shepard' }} />
    </>
  );
}

/** Sizes that there are too few items for are told, for the table has the largest that there can be in their place. */
function Few({ honesty }: { readonly honesty: Honesty }) {
  const largest = honesty.maps[0]?.sizes.at(-1)?.k ?? 0;
  const missing = SIZES.filter((size) => size > largest).map((size) => `@${size}`);
  if (missing.length === 0) return null;
  return (
    <Quiet>
      A neighborhood is fewer than half of all items, so that of {count(honesty.items, 'item')} @{largest} is
      the largest there is: it stands for {missing.join(' and ')}.
    </Quiet>
  );
}

/** The numbers of a map in words; of several maps one at a time. */
function Readings({
  map,
  size,
  isOnly,
}: {
  readonly map: Measured;
  readonly size: number;
  readonly isOnly: boolean;
}) {
  return (
    <details open={isOnly}>
      <summary>{isOnly ? 'In words' : `${map.name}, in words`}</summary>
      {scoresOf(map.honesty, size).map(
        ({ label, reading }) =>
          reading && (
            <p key={label} className="measures-reading">
              {reading}
            </p>
          ),
      )}
    </details>
  );
}

function Sample(props: { readonly honesty: Honesty; readonly metric: string; readonly several: boolean }) {
  const { anchors, items, pairs, isEveryPair } = props.honesty;
  const number = (value: number) => value.toLocaleString('en-US');
  return (
    <Quiet>
      {props.several
        ? 'Each map is held against its own space and metric. '
        : `Held against ${props.metric} distances. `}
      {anchors
        ? `Neighborhoods: ${number(anchors.length)} of ${number(items)} items, drawn at random. `
        : `Neighborhoods: all ${number(items)} items. `}
      {isEveryPair
        ? `Distances: all ${number(pairs)} pairs.`
        : `Distances: a sample of ${number(pairs)} pairs.`}
    </Quiet>
  );
}

type Measured = MapSubject & NamedHonesty;

function OnTheMap() {
  const lines = useMeasures((state) => state.lines);
  const painted = useMeasures((state) => (state.paint === 'disagreement' ? 'none' : state.paint));
  return (
    <>
      <h3>On the map</h3>
      <div className="measures-line">
        <span className="measures-label">Color by</span>
        <SegmentedControl
          size="xs"
          aria-label="Color the map by"
          value={painted}
          data={[
            { value: 'none', label: 'Nothing' },
            { value: 'trust', label: 'Trust' },
            { value: 'continuity', label: 'Continuity' },
          ]}
          onChange={(value) => {
            const chosen = value === 'trust' || value === 'continuity' ? value : 'none';
            writeMeasures({ paint: chosen });
            if (chosen === 'none') unpaint();
          }}
        />
      </div>
      <Switch
        size="sm"
        mt={8}
        label="Lines from the item that is pointed at or selected"
        checked={lines}
        onChange={({ currentTarget: { checked } }) => writeMeasures({ lines: checked })}
      />
      {lines && (
        <ul className="measures-keys">
          <li>
            <svg width="34" height="8" className="stray-key" aria-hidden="true">
              <path data-kind="torn" d="M1 4H33" />
            </svg>
            to true neighbors that the map tore away
          </li>
          <li>
            <svg width="34" height="8" className="stray-key" aria-hidden="true">
              <path data-kind="brought" d="M1 4H33" />
            </svg>
            to false ones that it brought near
          </li>
        </ul>
      )}
    </>
  );
}

/** Colors each map by its own items' trust or continuity. */
function usePaint(measured: readonly Measured[], size: number): void {
  const painted = useMeasures((state) => state.paint);
  useEffect(() => {
    if (painted !== 'trust' && painted !== 'continuity') return;
    const name = painted === 'trust' ? 'trustworthiness' : 'continuity';
    const used = qualityAt(measured[0]?.honesty.maps[0]?.sizes ?? [], size)?.k ?? size;
    const values: Values = {
      title: `${painted === 'trust' ? 'Trustworthiness' : 'Continuity'} @${used}`,
      telling: 'low',
      ends: painted === 'trust' ? ['false neighbors', 'trust'] : ['torn away', 'kept together'],
      layers: measured.map(({ pane, ids, honesty }) => ({
        pane: pane ?? 'main',
        ids,
        values: onAllItems(honesty, name, size, ids.length),
      })),
    };
    paint(values, () => areMapsNow(measured));
  }, [painted, measured, size]);
}

function onAllItems(
  { maps, anchors }: Honesty,
  name: 'trustworthiness' | 'continuity',
  size: number,
  items: number,
): Float32Array {
  const perItem = qualityAt(maps[0]?.sizes ?? [], size)?.[name].perItem ?? new Float32Array(0);
  if (!anchors) return perItem;
  const all = new Float32Array(items).fill(Number.NaN);
  anchors.forEach((item, row) => {
    all[item] = perItem[row] ?? Number.NaN;
  });
  return all;
}

function useLines(measured: readonly Measured[]): void {
  const lines = useMeasures((state) => state.lines);
  useEffect(() => {
    if (!lines) return;
    return drawStrays((pane, id) => {
      const on = measured.find((map) => map.pane === pane);
      const place = on && rowsIn(on.ids, [id])[0];
      const neighbors = on?.honesty.maps[0]?.neighbors;
      if (!on || place === undefined || !neighbors) return undefined;
      const { anchors } = on.honesty;
      const row = anchors ? anchors.indexOf(place) : place;
      if (row < 0) return undefined;
      const { torn, brought } = straysOf(neighbors, row);
      const idsOf = (strays: typeof torn) => strays.flatMap(({ item }) => on.ids[item] ?? []);
      return { torn: idsOf(torn), brought: idsOf(brought) };
    });
  }, [lines, measured]);
}
