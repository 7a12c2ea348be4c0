import { SegmentedControl, Slider } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import { Quiet } from '../../panels/measures-asked.tsx';
import { CurveChart, readAt } from './curve-chart.tsx';
import { columnsOf, divergedAt } from './loss-columns.ts';
import { LossTable } from './loss-table.tsx';
import { numberText, plainNumber } from './number-words.ts';
import { namedRuns, type PanelProps, RunLegend } from './runs-shown.tsx';
import { type ScaleKind, scaleExactly } from './scale.ts';

/** The loss and all its terms over the steps, with what was learned beside the encoders and the learning rate. */
export function LossPanel(props: PanelProps) {
  // Curves come many times a second: what the person does goes first.
  const shown = useDeferredValue(props);
  const runs = useMemo(() => namedRuns(shown), [shown]);
  const [kind, setKind] = useState<ScaleKind>('linear');
  const [smoothing, setSmoothing] = useState(0.6);
  const [cursor, setCursor] = useState<number | undefined>();
  const columns = useMemo(() => columnsOf(runs), [runs]);
  const across = useMemo(() => {
    const ends = runs.flatMap(({ run: { curves } }) => [curves.steps[0], curves.steps.at(-1)]);
    const known = ends.filter((step) => step !== undefined);
    return scaleExactly(Math.min(...known), Math.max(...known));
  }, [runs]);
  const isEmpty = runs.every(({ run }) => run.curves.steps.length === 0);
  const at = cursor === undefined ? undefined : Math.min(across.to, Math.max(across.from, cursor));
  const stepsRead = [
    ...new Set(at === undefined ? runs.flatMap(({ run }) => run.curves.steps.at(-1) ?? []) : [at]),
  ];
  const reading = [columns.total, ...columns.others]
    .flatMap(({ title, lines }) =>
      lines.flatMap((line) => {
        const place = readAt(line, at);
        const value = place === undefined ? undefined : line.values[place];
        if (value === undefined) return [];
        return `${title}${lines.length > 1 ? ` of ${line.name}` : ''} ${numberText(value)}`;
      }),
    )
    .join(', ');
  const both = { across, kind, cursor: at, onCursor: setCursor };
  return (
    <section className="lab-panel" aria-label="Loss">
      <RunLegend runs={runs} />
      {isEmpty ? (
        <Quiet>The loss is drawn here from the first step on. Start the run.</Quiet>
      ) : (
        <>
          <div className="lab-controls">
            <SegmentedControl
              size="xs"
              aria-label="Scale of the loss"
              value={kind}
              data={[
                { value: 'linear', label: 'Linear' },
                { value: 'log', label: 'Log' },
              ]}
              onChange={(value) => setKind(value === 'log' ? 'log' : 'linear')}
            />
            <div className="lab-smoothing">
              <span aria-hidden="true">Smoothing</span>
              <Slider
                size="sm"
                thumbLabel="Smoothing"
                min={0}
                max={0.98}
                step={0.02}
                value={smoothing}
                label={plainNumber}
                onChange={setSmoothing}
              />
            </div>
            <span className="lab-step-read">
              Step <strong>{stepsRead.map((step) => step.toLocaleString('en-US')).join(' / ')}</strong>
            </span>
          </div>
          <CurveChart
            {...both}
            {...columns.total}
            isTall
            smoothing={smoothing}
            slider={{
              label: 'Step that is read',
              text: `Step ${at ?? across.to}: ${reading}`,
            }}
          />
          {runs.map(({ run, which, name }) => {
            const step = divergedAt(run);
            return (
              step !== undefined && (
                <p key={which} className="lab-warning" role="status">
                  {runs.length > 1 ? `${name}: ` : ''}
                  From step {step.toLocaleString('en-US')} on the loss is not a number.
                </p>
              )
            );
          })}
          <div className="lab-curves">
            {columns.others.map(({ id, ...column }) => (
              <CurveChart key={id} {...both} {...column} smoothing={id === 'rate' ? 0 : smoothing} />
            ))}
          </div>
          <LossTable runs={runs} columns={[columns.total, ...columns.others]} />
        </>
      )}
    </section>
  );
}
