import { Button } from '@mantine/core';
import { partsOf } from '../../lab/embedder/parts.ts';
import { EMBEDDED } from '../model-choice.ts';
import { JobCard } from '../panels/job-strip.tsx';
import { useApp } from '../store.ts';
import { giveToExplorer, goBack, useExplorerModel } from './explorer-model.ts';
import type { LabRun } from './state.ts';
import './use-as-model.css';

/** What a run has learned can embed what the explorer has. */
export function UseAsModel({ run }: { readonly run: LabRun }) {
  const { busy, fault } = useExplorerModel();
  const parts = partsOf(run.settings);
  const isOver = run.status.type === 'failed' || run.status.type === 'starting';
  if (run.step === 0 || isOver || parts.length === 0) return null;
  return (
    <div className="lab-use">
      {busy === run.id ? (
        <Progress />
      ) : (
        <Button
          size="compact-sm"
          variant="default"
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
