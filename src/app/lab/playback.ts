/** Runs that were recorded, in place of runs that train here. */
import { create } from 'zustand';
import { recordedRuns } from '../../lab/recording/recorded-runs.ts';
import { type Recording, readRecording } from '../../lab/recording/recording.ts';
import { notify } from '../jobs.ts';
import { nextId } from '../store.ts';
import { addSteps } from './curves.ts';
import { reset } from './runs.ts';
import { type LabRun, NO_CURVES, NO_PROBES, readLab, writeLab } from './state.ts';

interface Playback {
  /** In the order of the runs; empty where none is played. */
  readonly recordings: readonly Recording[];
  /** Steps that there are frames of, of all recordings. */
  readonly stops: readonly number[];
  /** The stop that is shown. */
  readonly at: number;
  readonly playing: boolean;
  readonly loading: boolean;
}

const NOTHING: Playback = { recordings: [], stops: [], at: 0, playing: false, loading: false };
const FRAME_MS = 900;

export const usePlayback = create<Playback>(() => NOTHING);

let timer: ReturnType<typeof setInterval> | undefined;
let newest = 0;

/**
 * Shows recordings, one or two side by side, before their first step.
 *
 * @param ids as in `recordedRuns`
 * @throws {Error} when one cannot be fetched or is none: what was there stays
 */
export async function openRecordings(ids: readonly string[]): Promise<void> {
  newest += 1;
  const mine = newest;
  usePlayback.setState({ loading: true });
  try {
    const recordings = await Promise.all(ids.map(fetchRecording));
    if (mine !== newest) return;
    stopPlaying();
    reset();
    const stops = [...new Set(recordings.flatMap(({ frames }) => frames.map(({ step }) => step)))].sort(
      (a, b) => a - b,
    );
    usePlayback.setState({ recordings, stops, at: 0 });
    writeLab({ runs: recordings.map(newRun), preset: undefined });
    showStop(0);
  } finally {
    if (mine === newest) usePlayback.setState({ loading: false });
  }
}

/** From where it stands to its end; from the beginning where it is at its end. */
export function playOn(): void {
  const { stops, at, recordings } = usePlayback.getState();
  if (recordings.length === 0) return;
  if (at >= stops.length - 1) showStop(0);
  clearInterval(timer);
  usePlayback.setState({ playing: true });
  timer = setInterval(() => {
    const now = usePlayback.getState();
    if (now.at >= now.stops.length - 1) stopPlaying();
    else showStop(now.at + 1);
  }, FRAME_MS);
}

export function stopPlaying(): void {
  clearInterval(timer);
  usePlayback.setState({ playing: false });
}

/** Leaves the recordings; the lab is as before its first start. */
export function closeRecordings(): void {
  newest += 1;
  stopPlaying();
  usePlayback.setState(NOTHING);
  reset();
}

/** @param at of the stops */
export function showStop(at: number): void {
  const { recordings, stops } = usePlayback.getState();
  const step = stops[at];
  if (step === undefined) return;
  usePlayback.setState({ at });
  writeLab({ runs: readLab().runs.map((run, place) => runAt(run, recordings[place], step)) });
}

function runAt(run: LabRun, recording: Recording | undefined, step: number): LabRun {
  const frame = recording?.frames.findLast((each) => each.step <= step);
  if (!recording || !frame) return run;
  const taken = recording.steps.filter((each) => each.step <= step);
  const { rows, projections, views } = frame;
  return {
    ...run,
    step: Math.min(step, run.settings.steps),
    curves: addSteps(NO_CURVES, taken),
    weights: (taken.at(-1) ?? recording.steps[0])?.weights ?? {},
    snapshot: {
      step: frame.step,
      rows,
      ...(has(projections) && { projections }),
      ...(has(views) && { views }),
    },
    probes: {
      ...run.probes,
      latest: { step: frame.step, report: frame.report },
      // The frame that is shown is measured here, for the pictures of its matrices, which are not recorded.
      history: recording.frames.filter((each) => each.step < frame.step),
    },
  };
}

const has = (rows: object): boolean => Object.keys(rows).length > 0;

function newRun({ settings, made }: Recording): LabRun {
  return {
    ...{ id: nextId(), settings, status: { type: 'idle' }, backend: '', step: 0, pace: undefined },
    ...{ curves: NO_CURVES, weights: {}, snapshot: undefined, probes: NO_PROBES, recorded: made },
  };
}

const kept = new Map<string, Recording>();

async function fetchRecording(id: string): Promise<Recording> {
  const known = kept.get(id);
  if (known) return known;
  const title = recordedRuns.find((run) => run.id === id)?.title ?? id;
  const response = await fetch(`./lab/${id}.safetensors`).catch(() => undefined);
  if (!response?.ok) {
    throw new Error(`The recording of ${title} could not be fetched. Check the connection and try again.`);
  }
  const recording = await readRecording(new Uint8Array(await response.arrayBuffer()), title);
  kept.set(id, recording);
  return recording;
}

/** For buttons: what goes wrong is told. */
export function playRecordings(ids: readonly string[]): void {
  openRecordings(ids).then(playOn, (error: unknown) =>
    notify('error', error instanceof Error ? error.message : String(error)),
  );
}
