/** What the probing worker does: snapshots come in, reports go out. */
import { knnOfFactors, linearOfFactors } from '../../lab/probes/factors.ts';
import { measure } from '../../lab/probes/measure.ts';
import type { ByModality, ProbeReport } from '../../lab/probes/report.ts';
import type { Rows } from '../../lab/training/learner.ts';
import { heldOutScenes } from '../../lab/training/scenes.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import { captionBatch, renderBatch } from '../../lab/world/batch.ts';
import { VOCABULARY } from '../../lab/world/caption.ts';
import type { Modality } from '../../lab/world/factors.ts';
import type { Scene } from '../../lab/world/scene.ts';
import { probeSettingsOf } from './probe-settings.ts';
import type { RawAccuracies, Snapshot } from './state.ts';

export interface ProbingWork {
  /** @param onReport hears of the report as far as it is */
  measureSnapshot(
    settings: RunSettings,
    snapshot: Snapshot,
    onReport: (report: ProbeReport) => void,
  ): Promise<ProbeReport>;
  /** What the inputs of so many held-out scenes tell without an encoder. */
  measureRaw(settings: RunSettings, count: number): ByModality<RawAccuracies>;
}

export function createProbingWork(): ProbingWork {
  return {
    measureSnapshot(settings, snapshot, onReport) {
      const { rows, projections, views } = snapshot;
      const [first] = Object.values({ ...rows, ...projections });
      const count = first?.count ?? 0;
      return measure(
        {
          scenes: heldOutScenes(settings, count),
          rows,
          ...(projections && { projections }),
          ...(views && { views }),
        },
        probeSettingsOf(settings, first?.width ?? 0),
        { onReport },
      );
    },
    measureRaw(settings, count) {
      const scenes = heldOutScenes(settings, count);
      const told = settings.modalities.map((modality): [Modality, RawAccuracies] => {
        const rows = rawRows(modality, scenes, settings.side);
        return [modality, { knn: knnOfFactors(rows, scenes), linear: linearOfFactors(rows, scenes) }];
      });
      return Object.fromEntries(told);
    },
  };
}

/** Inputs as they are: pixels, samples, or how often each word occurs. */
function rawRows(modality: Modality, scenes: readonly Scene[], side: number): Rows {
  const count = scenes.length;
  if (modality !== 'text') {
    const { values } = renderBatch(modality, scenes, side);
    return { values, count, width: values.length / count };
  }
  const width = VOCABULARY.length;
  const { values: ids, shape } = captionBatch(scenes);
  const values = new Float32Array(count * width);
  ids.forEach((id, at) => {
    const place = Math.floor(at / shape[1]) * width + id;
    values[place] = (values[place] ?? 0) + 1;
  });
  return { values, count, width };
}
