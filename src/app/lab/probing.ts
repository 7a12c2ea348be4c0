/** Measures the runs on the page while they train. */
import { isAbort } from '../../common/job.ts';
import { createWorkerJobs } from '../../common/worker-jobs.ts';
import type { ProbeReport } from '../../lab/probes/report.ts';
import { messageOf, notify } from '../jobs.ts';
import { probedPictures } from './data/shown-items.ts';
import { addReport } from './probe-history.ts';
import type { ProbingWork } from './probing-work.ts';
import { type LabRun, NO_PROBES, type Probes, readLab, type Snapshot, useLab, writeRun } from './state.ts';

// Of what a snapshot took: on machines with few cores the training is to have two thirds of the one that the probes are on.
const REST = 2;

/**
 * Watches the runs: whenever one has a snapshot that was not measured, a worker measures it and the run's `probes` have what it found. One snapshot at a
 * time; those that come meanwhile are dropped for the newest, and two runs take turns. A run that begins anew loses its history. A snapshot
 * whose step is in the history already, as a recording brings it along, is left alone.
 *
 * @returns ends it, and with it the worker
 */
export function startProbing(): () => void {
  const workers = createWorkerJobs<ProbingWork>(
    'probing',
    () => new Worker(new URL('./probing-worker.ts', import.meta.url), { type: 'module', name: 'probing' }),
  );
  /** Snapshots that no report comes of: asking again would end the same way. */
  const failed = new WeakSet<Snapshot>();
  let busy:
    | { readonly run: LabRun; readonly snapshot: Snapshot; readonly controller: AbortController }
    | undefined;
  let last: number | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const look = (): void => {
    const { runs } = readLab();
    for (const run of runs) if (hasBegunAnew(run)) writeRun(run.id, { probes: NO_PROBES });
    if (busy) {
      const { run, snapshot, controller } = busy;
      const now = runs.find(({ id }) => id === run.id);
      if (now?.settings !== run.settings || isBefore(now.snapshot, snapshot.step, now)) controller.abort();
      return;
    }
    const isTraining = runs.some(({ status }) => status.type === 'running');
    if (isOver || (isTraining && rest !== undefined)) return;
    const waiting = runs.filter(
      (run) => run.snapshot && !failed.has(run.snapshot) && !isMeasured(run, run.snapshot.step),
    );
    const next = waiting.find(({ id }) => id !== last) ?? waiting[0];
    if (next?.snapshot) void work(next, next.snapshot);
  };

  const work = async (run: LabRun, snapshot: Snapshot): Promise<void> => {
    const controller = new AbortController();
    busy = { run, snapshot, controller };
    last = run.id;
    const { step } = snapshot;
    const begun = performance.now();
    // The run may have begun anew meanwhile: then it is another one's report.
    const write = (change: (probes: Probes) => Partial<Probes>): void => {
      const now = readLab().runs.find(({ id }) => id === run.id);
      if (now?.settings !== run.settings) return;
      writeRun(run.id, { probes: { ...now.probes, ...change(now.probes) } });
    };
    write(() => ({ measuring: step }));
    const job = { signal: controller.signal };
    const count = Object.values(snapshot.rows)[0]?.count ?? 0;
    try {
      await workers.run(job, async ({ worker, guard }) => {
        const onReport = (report: ProbeReport): void =>
          // Once there is a whole report, half of one in its place would only flicker.
          write(({ history, latest }) =>
            history.length === 0 && latest?.step !== step ? { latest: { step, report } } : {},
          );
        const pictures = probedPictures(run.settings);
        const report = await worker.measureSnapshot(
          run.settings,
          snapshot,
          guard(onReport),
          pictures && { heldOut: pictures.heldOut.labels, known: pictures.known.labels },
        );
        write((probes) => (isShown(run.id, snapshot) ? addReport(probes, { step, report }) : {}));
        if (run.probes.raw) return;
        const raw = await worker.measureRaw(run.settings, count, pictures);
        write(() => ({ raw }));
      });
    } catch (error) {
      if (!isAbort(error)) {
        failed.add(snapshot);
        notify('error', `The probes of step ${step} failed. ${messageOf(error)}`);
      }
    } finally {
      busy = undefined;
      clearTimeout(rest);
      rest = setTimeout(
        () => {
          rest = undefined;
          look();
        },
        REST * (performance.now() - begun),
      );
      write(() => ({ measuring: undefined }));
    }
  };

  const unsubscribe = useLab.subscribe(look);
  look();
  return () => {
    isOver = true;
    clearTimeout(rest);
    unsubscribe();
    workers.dispose();
  };
}

/** A recording's report of the frame that is shown has no matrices, and is no part of its history before it was measured here. */
function isMeasured({ probes: { history } }: LabRun, step: number): boolean {
  return history.some((each) => each.step === step);
}

/** Of a recording another frame may be shown meanwhile, which has a report of its own. */
function isShown(id: number, snapshot: Snapshot): boolean {
  const run = readLab().runs.find((each) => each.id === id);
  return run?.recorded === undefined || run.snapshot === snapshot;
}

/** Whether what was measured is of a time that the run has not come to again. */
function hasBegunAnew(run: LabRun): boolean {
  const { latest, history } = run.probes;
  const measured = history.at(-1) ?? latest;
  return measured !== undefined && isBefore(run.snapshot, measured.step, run);
}

/** Recordings are played back and forth: of them only the one that is taken away has begun anew. */
function isBefore(snapshot: Snapshot | undefined, step: number, { recorded }: LabRun): boolean {
  return snapshot === undefined || (recorded === undefined && snapshot.step < step);
}
