import { Quiet } from '../../panels/measures-asked.tsx';
import { type ProbedRun, reasonsOf } from './probed-runs.ts';

/** What the numbers are of, what is being measured, and why there may be none. */
export function ProbesStatus({ runs }: { readonly runs: readonly ProbedRun[] }) {
  return runs.map(({ which, name, settings: { data }, probes: { latest, measuring } }) => (
    <div key={which} className="lab-readings">
      <Quiet>
        {runs.length > 1 ? `${name}: ` : ''}
        {latest
          ? `Step ${latest.step.toLocaleString('en-US')}, on ${latest.report.split.test.toLocaleString('en-US')} ${data ? 'pictures' : 'scenes'} that were never trained on`
          : measuring === undefined
            ? 'Not measured yet: the probes begin with the first step'
            : 'The first snapshot'}
        {measuring === undefined ? '.' : `; measuring step ${measuring.toLocaleString('en-US')} …`}
      </Quiet>
      {latest &&
        reasonsOf(latest.report).map((reason) => (
          <p key={reason} role="status" className="lab-warning">
            {reason}
          </p>
        ))}
    </div>
  ));
}
