/** What is measured for an export: what the page shows of the same is known already, and not measured again. */
import type { Job } from '../../common/job.ts';
import { mainSetting } from '../compare/main-setting.ts';
import { readCompare } from '../compare/state.ts';
import type { Question } from '../measures/ask.ts';
import {
  type MapSubject,
  metricsNow,
  type Subject,
  subjectOfMap,
  subjectsOfPanes,
} from '../measures/subjects.ts';
import { readApp } from '../store.ts';

interface MeasuredSubjects {
  /** The panes' metrics; of the one map all that its space has. */
  readonly metrics: readonly Subject[];
  /** Items that all of the metrics have. */
  readonly ids: readonly string[];
  readonly maps: readonly MapSubject[];
  /** What the maps are drawn from. */
  readonly spaces: readonly Subject[];
}

export function subjectsOnPage(): MeasuredSubjects {
  const { comparing, placement } = readApp();
  const { metrics, ids } = metricsNow();
  if (comparing) return { metrics, ids, maps: subjectsOfPanes(readCompare().panes).maps, spaces: metrics };
  const { metric } = mainSetting();
  return {
    metrics,
    ids,
    maps: placement ? [subjectOfMap(placement)] : [],
    // A map is of one space and metric; what it is drawn from is told of that.
    spaces: metrics.filter(({ setting }) => setting.metric === metric),
  };
}

/**
 * Answers questions one after the other, each of which is a step of the job; `about` says what one is about, for who waits. What is being
 * measured for the page is waited for, and not measured beside it.
 */
export function stepper(
  { signal, onProgress }: Job,
  total: number,
): <T>(question: Question<T>, about?: string) => Promise<T> {
  let steps = 0;
  return async (question, about) => {
    signal?.throwIfAborted();
    const title = about === undefined ? question.title : `${question.title} (${about})`;
    onProgress?.(steps, total, title);
    const within: Job['onProgress'] = (done, all) =>
      onProgress?.(steps + (all > 0 ? done / all : 0), total, title);
    const answer = await question.kept.answer(question, { signal, onProgress: within });
    steps++;
    return answer;
  };
}
