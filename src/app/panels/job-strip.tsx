import { Button, Progress } from '@mantine/core';
import { useEffect } from 'react';
import { create } from 'zustand';
import { type RunningJob, useApp } from '../store.ts';
import { bytesOf, duration } from '../words.ts';

const useElsewhere = create<{ readonly isShown: boolean }>(() => ({ isShown: false }));

/** For a dialog that shows the jobs itself: the strip behind it would show each twice. */
export function useOwnJobs(): readonly RunningJob[] {
  useEffect(() => {
    useElsewhere.setState({ isShown: true });
    return () => useElsewhere.setState({ isShown: false });
  }, []);
  return useApp((state) => state.jobs);
}

export function JobStrip() {
  const jobs = useApp((state) => state.jobs);
  const isShownElsewhere = useElsewhere((state) => state.isShown);
  if (jobs.length === 0 || isShownElsewhere) return null;
  return (
    <div className="jobs" role="status" aria-live="off">
      {jobs.map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
    </div>
  );
}

export function JobCard({ job }: { job: RunningJob }) {
  const known = job.total > 0;
  const numbers = known ? progressText(job) : '';
  const rate =
    job.unit === 'items' && job.rate
      ? `${job.rate >= 10 ? Math.round(job.rate) : job.rate.toFixed(1)}/s`
      : '';
  const left = job.secondsLeft === undefined ? '' : `${duration(job.secondsLeft)} left`;
  return (
    <div className="job">
      <div className="job-line">
        <strong>{job.title}</strong>
        {job.cancel && (
          <Button size="compact-xs" variant="default" onClick={job.cancel}>
            Cancel
          </Button>
        )}
      </div>
      <Progress
        mt={6}
        size="sm"
        aria-label={job.title}
        value={known ? (100 * job.done) / job.total : 100}
        animated={!known}
        striped={!known}
      />
      <div className="job-line job-quiet" style={{ marginTop: 4 }}>
        <span>{[job.what, numbers].filter(Boolean).join(' · ')}</span>
        <span>{[rate, left].filter(Boolean).join(' · ')}</span>
      </div>
    </div>
  );
}

function progressText({ unit, done, total }: RunningJob): string {
  if (unit === 'share') return `${Math.floor((100 * done) / total)} %`;
  if (unit === 'bytes') return bytesOf(done, total);
  return `${Math.round(done).toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
}
