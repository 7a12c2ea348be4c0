import { useEffect, useRef, useState } from 'react';
import { act } from '../jobs.ts';
import { ZoomTools } from '../parts/tool.tsx';
import { PictureGrid } from './data/picture-grid.tsx';
import { type LabStage, openLabStage } from './lab-stage.ts';
import { MapCaption } from './map-caption.tsx';
import { MapLegend, MapSettings } from './map-settings.tsx';
import { runNames } from './run-names.ts';
import { SceneStrip } from './scene-strip.tsx';
import { type LabRun, useLab } from './state.ts';
import { WorldGrid } from './world-grid.tsx';

/** What is held out as the runs see it; before there is a run, what there is to learn from. */
export function LabMap() {
  const hasRuns = useLab((state) => state.runs.length > 0);
  const data = useLab((state) => state.drafts[0]?.data);
  return (
    <section className="lab-map" aria-label="Map of held-out scenes">
      {hasRuns ? <Maps /> : data ? <PictureGrid data={data} /> : <WorldGrid />}
    </section>
  );
}

function Maps() {
  const runs = useLab((state) => state.runs);
  const [stage, setStage] = useState<LabStage>();
  useEffect(() => {
    const controller = new AbortController();
    act(async () => setStage(await openLabStage(controller.signal)));
    return () => {
      setStage(undefined);
      controller.abort();
    };
  }, []);
  const [first, second] = runs;
  const names = first && second && runNames(first.settings, second.settings);
  return (
    <>
      <div className="lab-map-bar">
        <MapSettings />
        <div className="tool-group">
          <ZoomTools step={1.5} onScreen={() => stage} />
        </div>
      </div>
      <div className="lab-panes" data-count={runs.length}>
        {runs.map((run, at) => (
          <Pane key={run.id} run={run} stage={stage} name={names?.[at]} />
        ))}
      </div>
      <MapLegend />
      <SceneStrip />
    </>
  );
}

function Pane(props: {
  readonly run: LabRun;
  readonly stage: LabStage | undefined;
  readonly name: string | undefined;
}) {
  const { run, stage, name } = props;
  const host = useRef<HTMLDivElement>(null);
  const label = name ? `Map of the run: ${name}` : 'Map of the run';
  useEffect(() => {
    const container = host.current;
    if (!container || !stage) return;
    const controller = new AbortController();
    act(() => stage.attach(container, run.id, label, controller.signal));
    return () => controller.abort();
  }, [stage, run.id, label]);
  return (
    <figure className="lab-pane">
      {name && <figcaption>{name}</figcaption>}
      <div className="lab-pane-host" ref={host} />
      <MapCaption run={run} />
    </figure>
  );
}
