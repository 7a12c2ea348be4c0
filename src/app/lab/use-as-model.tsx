import { Button } from '@mantine/core';
import { partsOf } from '../../lab/embedder/parts.ts';
import { EMBEDDED } from '../model-choice.ts';
import { JobCard } from '../panels/job-strip.tsx';
import { useApp } from '../store.ts';
import { giveToExplorer, goBack, useExplorerModel } from './explorer-model.ts';
import { runNames } from './run-names.ts';
import { type LabRun, useLab } from './state.ts';
import './use-as-model.css';

/** What runs have learned can embed what the explorer has. */
export function UseAsModel() {
  const runs = useLab((state) => state.runs);
  const [first, second] = runs;
  const names = first && second && runNames(first.settings, second.settings);
  return runs.map((run, at) => canBeUsed(run) && <RunAsModel key={run.id} run={run} name={names?.[at]} />);
}

function canBeUsed({ step, status, settings }: LabRun): boolean {
  const isOpen = status.type !== 'failed' && status.type !== 'starting';
  return step > 0 && isOpen && partsOf(settings).length > 0;
}

function RunAsModel({ run, name }: { readonly run: LabRun; readonly name: string | undefined }) {
  const { busy, fault } = useExplorerModel();
  return (
    <div className="lab-use">
      {name && <strong>{name}</strong>}
      {busy === run.id ? (
        <Progress />
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={name && `Use as the explorer’s model: ${name}`}
          disabled={busy !== undefined}
          onClick={() => giveToExplorer(run)}
        >
          Use as the explorer’s model
        </Button>
      )}
      {fault?.run === run.id && (
        <p role="alert" className="lab-fault">
          {fault.reason} The explorer keeps the model that it has.
        </p>
      )}
      {busy === undefined && <InUse run={run} />}
    </div>
  );
}

function Progress() {
  const jobs = useApp((state) => state.jobs);
  return jobs.length > 0 ? jobs.map((job) => <JobCard key={job.id} job={job} />) : <p>Reading the run…</p>;
}

/** Says what the explorer has now, and how it gets the model back that it had. */
function InUse({ run }: { readonly run: LabRun }) {
  const used = useExplorerModel((state) => state.used);
  const isInUse = useApp(({ modelId }) => modelId === used?.model);
  if (used?.run !== run.id || !isInUse) return null;
  const { model, step, former } = used;
  return (
    <div className="lab-note" role="status">
      The explorer embeds with this run as of step {step.toLocaleString('en-US')}: “{model}” in its models.{' '}
      {takesText(run)}
      <Button size="compact-sm" variant="default" onClick={() => goBack(used)}>
        Back to {former === EMBEDDED ? 'the embedded model' : `“${former}”`}
      </Button>
    </div>
  );
}

function takesText({ settings }: LabRun): string {
  const parts = partsOf(settings);
  if (!parts.includes('text')) return 'It takes pictures only.';
  const words = 'Words that it never met all count as one unknown word.';
  return parts.includes('image') ? words : `It takes texts only. ${words}`;
}
