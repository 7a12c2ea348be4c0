/** What a lesson is. Plain data: the words of a lesson know nothing of React. */
import type { LabView, PanelId } from '../state.ts';

export interface Lesson {
  /** As in the address, `?lab=<id>`. */
  readonly id: LessonId;
  readonly title: string;
  /** Five to ten. */
  readonly minutes: number;
  /** One sentence for the list. */
  readonly about: string;
  readonly steps: readonly LessonStep[];
  /** What to take home, two to four sentences of one line each. */
  readonly summary: readonly string[];
  readonly teacher: TeacherPage;
}

export type LessonId =
  | 'what-an-embedding-is'
  | 'four-metrics'
  | 'views'
  | 'temperature'
  | 'collapse'
  | 'pictures-meet-words'
  | 'six-senses'
  | 'shared-and-private';

/** One step: a prediction, and then what really happens. */
export interface LessonStep {
  readonly title: string;
  /** Paragraphs before the question. In all that is said, *these* mark a term where it is introduced. */
  readonly say: readonly string[];
  readonly show?: Stage;
  readonly question: string;
  /** Two to four. */
  readonly choices: readonly string[];
  /** The place of the choice that holds. */
  readonly answer: number;
  readonly reveal: {
    /** Paragraphs: what is seen, and why. */
    readonly say: readonly string[];
    readonly show?: Stage;
  };
}

/** What stands beside the words. What is left out stays as the stage before had it, in going back, too. */
export interface Stage {
  /** The middle: the map of the recordings, a scene in its six modalities, or a part of the playground. At first the map. */
  readonly figure?: Figure;
  /** One or two recorded runs, by their ids in `recordedRuns`. */
  readonly recordings?: readonly string[];
  /** Where they stand, a step that has a frame. At first 'start'; another choice of recordings starts anew. */
  readonly at?: number | 'start' | 'end';
  /** Whether they are played on from there to their end. At first not; said for one stage only. */
  readonly play?: boolean;
  /** Which measures are open. */
  readonly panel?: PanelId;
  readonly view?: Partial<LabView>;
  /** The held-out scene that is looked at, by its place; null for none. */
  readonly scene?: number | null;
}

export type Figure = 'map' | 'world' | 'two-points' | 'neighbors' | 'strings';

/** For the one who stands before the class. */
export interface TeacherPage {
  /** What they can say or do afterwards that they could not before. */
  readonly aim: string;
  /** Words to have met before, or nothing. */
  readonly before: string;
  /** How to lead through it, by the clock. */
  readonly course: readonly string[];
  /** What students usually think, and what helps. */
  readonly misconceptions: readonly { readonly think: string; readonly help: string }[];
  readonly questions: readonly { readonly ask: string; readonly answer: string }[];
}
