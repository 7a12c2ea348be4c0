import { Button } from '@mantine/core';
import { type Part, partsOf } from '../../lab/embedder/parts.ts';
import { EMBEDDED } from '../model-choice.ts';
import { JobCard } from '../panels/job-strip.tsx';
import { useApp } from '../store.ts';
import { giveToExplorer, goBack, type UsedModel, useExplorerModel } from './explorer-model.ts';
import { runNames } from './run-names.ts';
import { type LabRun, useLab } from './state.ts';
import './use-as-model.css';

/** What runs have learned can embed what the explorer has. */
export function UseAsModel() {
  const runs = useLab((state) => state.runs);
  const { busy, fault, used } = useExplorerModel();
  const isInUse = useApp(({ modelId }) => modelId === used?.model);
  const [first, second] = runs;
  const names = first && second && runNames(first.settings, second.settings);
  const canBeUsed = runs.map(isUsable);
  if (!canBeUsed.some(Boolean) && !busy && !fault && !isInUse) return null;
  return (
    <div className="lab-use">
      {runs.map((run, at) => canBeUsed[at] && <UseButton key={run.id} run={run} name={names?.[at]} />)}
      {busy && <Progress />}
      {fault !== undefined && (
        <p role="alert" className="lab-fault">
          {fault} The explorer keeps the model that it has.
        </p>
      )}
      {used && isInUse && !busy && <InUse used={used} />}
    </div>
  );
}

function isUsable({ step, status, settings }: LabRun): boolean {
  const isOpen = status.type !== 'failed' && status.type !== 'starting';
  return step > 0 && isOpen && partsOf(settings).length > 0;
}

function UseButton({ run, name }: { readonly run: LabRun; readonly name: string | undefined }) {
  const busy = useExplorerModel((state) => state.busy);
  return (
    <>
      {name && <strong>{name}</strong>}
      <Button
        size="compact-sm"
        variant="default"
        aria-label={name && `Use as the explorer’s model: ${name}`}
        disabled={busy}
        onClick={() => giveToExplorer(run)}
      >
        Use as the explorer’s model
      </Button>
    </>
  );
}

function Progress() {
  const jobs = useApp((state) => state.jobs);
  return jobs.length > 0 ? jobs.map((job) => <JobCard key={job.id} job={job} />) : <p>Reading the run…</p>;
}

/** Says what the explorer has now, and how it gets the model back that it had. */
function InUse({ used }: { readonly used: UsedModel }) {
  const { model, former, parts } = used;
  return (
    <div className="lab-note" role="status">
      The explorer embeds with “{model}”, which stays among its models. {takesText(parts)}
      <Button size="compact-sm" variant="default" onClick={() => goBack(used)}>
        Back to {former === EMBEDDED ? 'the embedded model' : `“${former}”`}
      </Button>
    </div>
  );
}

function takesText(parts: readonly Part[]): string {
  if (!parts.includes('text')) return 'It takes pictures only.';
  const words = 'Words that it never met all count as one unknown word.';
  return parts.includes('image') ? words : `It takes texts only. ${words}`;
}
