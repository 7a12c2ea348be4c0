/** What stands beside the words at a place of a lesson: all that was said up to there, so that going back is exact. */
import type { LabView, PanelId } from '../state.ts';
import type { Figure, Lesson, Stage } from './types.ts';

/** A stage with nothing left open. */
export interface FullStage {
  readonly figure: Figure;
  readonly recordings: readonly string[];
  readonly at: number | 'start' | 'end';
  readonly play: boolean;
  readonly panel: PanelId;
  readonly view: LabView;
  readonly scene: number | undefined;
}

/** Where every lesson begins, whatever the lab showed before. */
const BEGINNING: FullStage = {
  figure: 'map',
  recordings: [],
  at: 'start',
  play: false,
  panel: 'loss',
  view: { projection: 'pca', pictures: true, color: 'shape', hidden: [], lines: true },
  scene: undefined,
};

/**
 * @param step from 0; the number of steps stands for the summary, which keeps what was seen last
 * @param isRevealed whether the step's own reveal is seen; those before are
 */
export function stageAt({ steps }: Lesson, step: number, isRevealed: boolean): FullStage {
  const stages = steps.slice(0, step).flatMap(({ show, reveal }) => [show, reveal.show]);
  const here = steps[step];
  stages.push(here?.show, isRevealed ? here?.reveal.show : undefined);
  return stages.reduce(follow, BEGINNING);
}

function follow(before: FullStage, stage: Stage | undefined): FullStage {
  // What was played stands at its end afterwards.
  const stood: FullStage = before.play ? { ...before, at: 'end', play: false } : before;
  if (!stage) return stood;
  const isAnew = stage.recordings !== undefined && stage.recordings.join() !== before.recordings.join();
  const { scene = stood.scene, view, ...rest } = stage;
  return {
    ...stood,
    ...(isAnew && { at: 'start' }),
    ...rest,
    view: { ...stood.view, ...view },
    scene: scene ?? undefined,
  };
}
