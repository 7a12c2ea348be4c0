import { Button, NativeSelect, Progress } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerSkipForward, IconRefresh } from '@tabler/icons-react';
import { plainNumber } from './panels/number-words.ts';
import { isChanged, pause, reset, setSpeed, stepOnce, train } from './runs.ts';
import { type LabRun, useLab } from './state.ts';

const SPEEDS = [
  { value: 'Infinity', label: 'As fast as it goes' },
  { value: '10', label: '10 steps a second' },
  { value: '1', label: '1 step a second' },
];

/** Start, stand, step, begin anew; and how far the runs are. */
export function RunBar() {
  const runs = useLab((state) => state.runs);
  const speed = useLab((state) => state.speed);
  const changed = useLab(isChanged);
  const isGoing = runs.some(({ status }) => status.type === 'running' || status.type === 'starting');
  const isOver =
    runs.length > 0 && runs.every(({ status }) => status.type === 'finished' || status.type === 'failed');
  const startAnew = () => {
    reset();
    train();
  };
  return (
    <section className="lab-bar" aria-label="Training">
      <div className="lab-buttons">
        {isGoing ? (
          <Button leftSection={<IconPlayerPause size={17} />} onClick={pause}>
            Pause
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={17} />} onClick={isOver ? startAnew : train}>
            {startWord(runs, isOver)}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPlayerSkipForward size={17} />}
          onClick={stepOnce}
          disabled={isOver}
        >
          Step
        </Button>
        <Button
          variant="default"
          leftSection={<IconRefresh size={17} />}
          onClick={reset}
          disabled={runs.length === 0}
        >
          Reset
        </Button>
      </div>
      {changed && (
        <p className="lab-look">
          The settings below are not those of this run.{' '}
          <Button size="compact-xs" variant="light" onClick={startAnew}>
            Start anew with them
          </Button>
        </p>
      )}
      <NativeSelect
        size="xs"
        aria-label="Speed"
        value={String(speed)}
        data={SPEEDS}
        onChange={({ currentTarget: { value } }) => setSpeed(Number(value))}
      />
      {runs.map((run) => (
        <RunStatusLine key={run.id} run={run} />
      ))}
    </section>
  );
}

function startWord(runs: readonly LabRun[], isOver: boolean): string {
  if (runs.length === 0) return 'Start';
  return isOver ? 'Start again' : 'Go on';
}

function RunStatusLine({ run: { step, settings, pace, status, backend } }: { readonly run: LabRun }) {
  return (
    <div className="lab-status" data-status={status.type}>
      <Progress value={(100 * step) / settings.steps} size="sm" aria-label="Steps taken" />
      <p>
        <span>
          Step {step} of {settings.steps}
        </span>
        {pace !== undefined && (
          <span>
            {' '}
            · {plainNumber(Number(pace.toPrecision(2)))} steps/s ·{' '}
            {plainNumber(Math.round(pace * settings.batchSize))} examples/s
          </span>
        )}
        {backend && <span> · {backend}</span>}
        {status.type === 'starting' && <span> · {status.what} …</span>}
        {status.type === 'paused' && <span> · paused</span>}
        {status.type === 'finished' && <span> · done</span>}
      </p>
      {status.type === 'failed' && <p role="alert">{status.reason}</p>}
    </div>
  );
}
