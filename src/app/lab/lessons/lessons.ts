/** The lessons, in the order in which they build on each other. */
import { fourMetrics } from './content/four-metrics.ts';
import { temperature } from './content/temperature.ts';
import { views } from './content/views.ts';
import { whatAnEmbeddingIs } from './content/what-an-embedding-is.ts';
import type { Lesson, LessonId } from './types.ts';

export const LESSONS: readonly Lesson[] = [whatAnEmbeddingIs, fourMetrics, views, temperature];

export const lessonOf = (id: string): Lesson | undefined => LESSONS.find((lesson) => lesson.id === id);

/** The one that comes after it; undefined after the last. */
export const lessonAfter = (id: LessonId): Lesson | undefined =>
  LESSONS[LESSONS.findIndex((lesson) => lesson.id === id) + 1];
