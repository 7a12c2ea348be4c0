/** The lesson that is taken, and where in it. */
import { create } from 'zustand';
import { messageOf } from '../../jobs.ts';
import { lab } from '../address.ts';
import { closeRecordings, openRecordings, playOn, showStop, stopPlaying, usePlayback } from '../playback.ts';
import { pause } from '../runs.ts';
import { readLab, writeLab } from '../state.ts';
import { lessonOf } from './lessons.ts';
import { type FullStage, stageAt } from './stage.ts';
import type { Lesson } from './types.ts';

type Staging =
  | { readonly type: 'ready' }
  | { readonly type: 'loading' }
  | { readonly type: 'failed'; readonly reason: string };

interface Course {
  /** The list of the lessons is open in the place of a run's settings. */
  readonly isListed: boolean;
  readonly lesson: Lesson | undefined;
  /** From 0; the number of steps is the summary. */
  readonly step: number;
  /** What was chosen, by step; a step is revealed once it is answered. */
  readonly answers: readonly (number | undefined)[];
  readonly staging: Staging;
}

const OFF: Course = { isListed: false, lesson: undefined, step: 0, answers: [], staging: { type: 'ready' } };

export const useCourse = create<Course>(() => OFF);
const read = useCourse.getState;
const write = useCourse.setState;

export const openList = (): void => write({ isListed: true });
export const closeList = (): void => write({ isListed: false });

/** What the lab had before the first lesson; it is put back afterwards. */
let aside: Partial<ReturnType<typeof readLab>> | undefined;
let newest = 0;

/**
 * Begins a lesson. Runs that train here stand meanwhile, and are there again afterwards.
 *
 * @param id as in `?lab=<id>`; one that is unknown opens the list
 */
export async function beginLesson(id: string): Promise<void> {
  const lesson = lessonOf(id);
  if (!lesson) {
    openList();
    return;
  }
  write({ ...OFF, lesson, staging: { type: 'loading' } });
  lab.name(lesson.id);
  newest += 1;
  const mine = newest;
  if (!aside) await setAside();
  if (mine === newest && read().lesson === lesson) await stage();
}

/** Leaves the lesson; the lab is as it was before. */
export function leaveLesson(): void {
  newest += 1;
  write(OFF);
  lab.name('');
  if (!aside) return;
  closeRecordings();
  writeLab(aside);
  aside = undefined;
}

/** Answers the question of the step, once; what happens is revealed. */
export function choose(choice: number): void {
  const { lesson, step, answers } = read();
  const here = lesson?.steps[step];
  if (!here || choice >= here.choices.length || answers[step] !== undefined) return;
  const given = lesson.steps.map((_, at) => (at === step ? choice : answers[at]));
  write({ answers: given });
  if (here.reveal.show) void stage();
}

export const isAnswered = ({ answers, step }: Course): boolean => answers[step] !== undefined;

/** To the next step, once this one is answered; after the last to the summary. */
export function goOn(): void {
  const { lesson, step } = read();
  if (lesson && step < lesson.steps.length && isAnswered(read())) goTo(step + 1);
}

export function goBack(): void {
  const { lesson, step } = read();
  if (lesson && step > 0) goTo(step - 1);
}

function goTo(step: number): void {
  write({ step });
  void stage();
}

/** Shows what the place of the lesson needs. What cannot be fetched is told beside the words, which stay. */
export async function stage(): Promise<void> {
  const { lesson, step } = read();
  if (!lesson) return;
  newest += 1;
  const mine = newest;
  const wanted = stageAt(lesson, step, isAnswered(read()));
  stopPlaying();
  try {
    if (wanted.recordings.join() !== opened.join()) {
      write({ staging: { type: 'loading' } });
      if (wanted.recordings.length > 0) await openRecordings(wanted.recordings);
      else closeRecordings();
      if (mine !== newest) return;
      opened = wanted.recordings;
    }
    show(wanted);
    write({ staging: { type: 'ready' } });
  } catch (error) {
    if (mine === newest) write({ staging: { type: 'failed', reason: messageOf(error) } });
  }
}

/** The recordings that the stage has opened. */
let opened: readonly string[] = [];

function show({ at, play, panel, view, scene }: FullStage): void {
  writeLab({ panel, view, scene });
  const { stops } = usePlayback.getState();
  if (stops.length === 0) return;
  const last = stops.length - 1;
  const place = at === 'start' ? 0 : at === 'end' ? last : stops.findLastIndex((stop) => stop <= at);
  showStop(Math.max(0, place));
  if (play) playOn();
}

async function setAside(): Promise<void> {
  if (usePlayback.getState().recordings.length > 0) closeRecordings();
  await pause();
  const { runs, view, panel, preset, scene } = readLab();
  aside = { runs, view, panel, preset, scene };
  opened = [];
  writeLab({ runs: [], scene: undefined });
}
