import { Button, NativeSelect, Slider, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { recordedRuns } from '../../lab/recording/recorded-runs.ts';
import { closeRecordings, playOn, playRecordings, showStop, stopPlaying, usePlayback } from './playback.ts';

/** Plays what was recorded, back and forth. */
export function PlaybackBar({ canClose = true }: { readonly canClose?: boolean }) {
  const { stops, at, playing, recordings } = usePlayback();
  const made = [...new Set(recordings.map((recording) => recording.made))];
  return (
    <div className="lab-run-controls">
      <Text size="sm" className="lab-note">
        <strong>A recording.</strong> It was trained before, by a script: {made.join(' · ')}.
      </Text>
      <div className="lab-buttons">
        <Button
          data-autofocus={canClose || undefined}
          className="lab-start"
          leftSection={playing ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={playing ? stopPlaying : playOn}
        >
          {playing ? 'Pause' : 'Play'}
        </Button>
        {canClose && (
          <Button variant="default" leftSection={<IconX size={16} />} onClick={closeRecordings}>
            Close
          </Button>
        )}
      </div>
      <Slider
        thumbLabel="Step of the recording"
        min={0}
        max={Math.max(1, stops.length - 1)}
        step={1}
        value={at}
        label={null}
        onChange={(stop) => {
          stopPlaying();
          showStop(stop);
        }}
      />
      <Text size="sm" role="status">
        Step {stops[at] ?? 0} of {stops.at(-1) ?? 0}
      </Text>
    </div>
  );
}

/** Two recordings that differ in one thing, or one. */
const OFFERED: readonly { readonly label: string; readonly ids: readonly string[] }[] = [
  ...recordedRuns.map(({ id, title }) => ({ label: title, ids: [id] })),
  { label: 'SimCLR with and without color jitter', ids: ['simclr', 'simclr-no-jitter'] },
  { label: 'SimCLR at temperature 0.01 and 5', ids: ['simclr-cold', 'simclr-hot'] },
  { label: 'VICReg with and without variance', ids: ['vicreg', 'vicreg-no-variance'] },
  { label: 'VICReg with and without covariance', ids: ['vicreg', 'vicreg-no-covariance'] },
  { label: 'CLIP with true and shuffled captions', ids: ['clip', 'clip-shuffled'] },
  { label: 'DeCUR with some and all dimensions common', ids: ['decur', 'decur-all-common'] },
];

/** Chooses a recording; it plays at once. */
export function RecordingChoice() {
  const loading = usePlayback((state) => state.loading);
  return (
    <NativeSelect
      label="Or play a recorded run"
      size="sm"
      disabled={loading}
      value=""
      data={[
        { value: '', label: loading ? 'Loading…' : 'Choose one: no GPU or time is needed' },
        ...OFFERED.map(({ label }) => ({ value: label, label })),
      ]}
      onChange={({ currentTarget: { value } }) => {
        const chosen = OFFERED.find(({ label }) => label === value);
        if (chosen) playRecordings(chosen.ids);
      }}
    />
  );
}
