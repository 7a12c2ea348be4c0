import { Button, NativeSelect, Progress, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerSkipForward, IconRotate } from '@tabler/icons-react';
import { PlaybackBar } from './playback-bar.tsx';
import { runNames } from './run-names.ts';
import { isChanged, isGoing, pause, reset, setSpeed, startAnew, stepOnce, train } from './runs.ts';
import { type LabRun, useLab } from './state.ts';

const SPEEDS = [
  { value: 'Infinity', label: 'As fast as it goes' },
  { value: '10', label: '10 steps a second' },
  { value: '1', label: '1 step a second' },
] as const;

/** Start, pause, step, reset, speed, and where the runs are. */
export function RunControls() {
  const isRecorded = useLab(({ runs }) => runs.some(({ recorded }) => recorded !== undefined));
  return isRecorded ? <PlaybackBar /> : <TrainingControls />;
}

function TrainingControls() {
  const runs = useLab((state) => state.runs);
  const speed = useLab((state) => state.speed);
  const changed = useLab(isChanged);
  const isRunning = runs.some(isGoing);
  const isOver = runs.every(({ status }) => status.type === 'finished' || status.type === 'failed');
  // What the runs are cannot go on, or is not what the form has.
  const isAnew = runs.length > 0 && (isOver || changed);
  const [first, second] = runs;
  const names = first && second && runNames(first.settings, second.settings);
  return (
    <div className="lab-run-controls">
      <div className="lab-buttons">
        {isRunning ? (
          <Button
            data-autofocus
            className="lab-start"
            leftSection={<IconPlayerPause size={16} />}
            onClick={() => void pause()}
          >
            Pause
          </Button>
        ) : (
          <Button
            data-autofocus
            className="lab-start"
            leftSection={<IconPlayerPlay size={16} />}
            onClick={isAnew ? startAnew : train}
          >
            {isAnew ? 'Start anew' : runs.length > 0 ? 'Go on' : 'Start'}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPlayerSkipForward size={16} />}
          disabled={isAnew}
          onClick={stepOnce}
        >
          Step
        </Button>
        <Button
          variant="default"
          leftSection={<IconRotate size={16} />}
          disabled={runs.length === 0}
          onClick={reset}
        >
          Reset
        </Button>
      </div>
      <NativeSelect
        size="xs"
        aria-label="Speed"
        value={String(speed)}
        data={[...SPEEDS]}
        onChange={({ currentTarget }) => setSpeed(Number(currentTarget.value))}
      />
      {runs.map((run, at) => (
        <RunStatusLine key={run.id} run={run} name={names?.[at]} />
      ))}
      {changed && runs.length > 0 && (
        <Text size="sm" className="lab-note">
          The settings were changed. They count from the next start on.
        </Text>
      )}
    </div>
  );
}

function RunStatusLine({ run, name }: { readonly run: LabRun; readonly name: string | undefined }) {
  const { settings, step, pace, backend, status } = run;
  return (
    <div className="lab-status">
      {name && <strong>{name}</strong>}
      <Progress
        size="sm"
        value={(100 * step) / settings.steps}
        aria-label={name ? `Steps taken, ${name}` : 'Steps taken'}
      />
      <p className="lab-step-of">
        Step {step.toLocaleString('en-US')} of {settings.steps.toLocaleString('en-US')}
        <span role={status.type === 'failed' ? 'alert' : 'status'} data-status={status.type}>
          {wordsOf(run)}
        </span>
      </p>
      {backend && (
        <p className="lab-pace">
          {pace !== undefined && `${short(pace)} steps/s · ${short(pace * settings.batchSize)} examples/s · `}
          {backend}
        </p>
      )}
    </div>
  );
}

function wordsOf({ status, recorded }: LabRun): string {
  if (recorded) return `A recording, ${recorded}`;
  switch (status.type) {
    case 'starting':
      return `${status.what}…`;
    case 'running':
      return 'Learning';
    case 'pausing':
      return 'Pausing…';
    case 'paused':
      return 'Paused';
    case 'finished':
      return 'Finished';
    case 'failed':
      return status.reason;
    case 'idle':
      return 'Not started';
  }
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(2);
}
