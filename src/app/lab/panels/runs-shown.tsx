import type { LabRun } from '../state.ts';
import '../../panels/measures.css';
import './panels.css';

/** What every panel of the lab takes: one run, or two side by side. */
export interface PanelProps {
  readonly runs: readonly LabRun[];
  /** What the runs are called where there are two. */
  readonly names?: readonly [string, string];
}

/** The first is drawn solid in the accent's color, the second dashed in another. */
export type Which = 'first' | 'second';

export interface NamedRun {
  readonly run: LabRun;
  readonly which: Which;
  readonly name: string;
}

/** At most two runs, with what they are called. */
export function namedRuns({ runs, names = ['First run', 'Second run'] }: PanelProps): NamedRun[] {
  return runs.slice(0, 2).map((run, at) => ({
    run,
    which: at === 0 ? 'first' : 'second',
    name: names[at] ?? '',
  }));
}

/** How the lines of two runs are told apart; nothing where there is one. */
export function RunLegend({ runs }: { readonly runs: readonly Pick<NamedRun, 'which' | 'name'>[] }) {
  if (runs.length < 2) return null;
  return (
    <ul className="lab-legend" aria-label="Lines">
      {runs.map(({ which, name }) => (
        <li key={which}>
          <Swatch which={which} />
          {name}
        </li>
      ))}
    </ul>
  );
}

export function Swatch({ which }: { readonly which: Which }) {
  return (
    <svg className="lab-swatch" width={22} height={8} aria-hidden="true">
      <path className="lab-line" data-run={which} d="M1 4H21" />
    </svg>
  );
}
