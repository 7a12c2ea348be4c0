/** What the probing worker does: snapshots come in, reports go out. */

import { createPictureSource } from '../../lab/data/picture-source.ts';
import type { PictureSet } from '../../lab/data/pictures.ts';
import { type Items, world } from '../../lab/data/source.ts';
import { knnOfFactors, linearOfFactors } from '../../lab/probes/factors.ts';
import { measure } from '../../lab/probes/measure.ts';
import type { ByModality, ProbeReport, ProbeSnapshot } from '../../lab/probes/report.ts';
import { textSettings } from '../../lab/training/input-sizes.ts';
import type { Rows } from '../../lab/training/learner.ts';
import { heldOutScenes } from '../../lab/training/scenes.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import type { Modality } from '../../lab/world/factors.ts';
import { probeSettingsOf } from './probe-settings.ts';
import type { RawAccuracies, Snapshot } from './state.ts';

export interface ProbingWork {
  /**
   * @param onReport hears of the report as far as it is
   * @param labels of the held-out pictures, where the run learns from some
   */
  measureSnapshot(
    settings: RunSettings,
    snapshot: Snapshot,
    onReport: (report: ProbeReport) => void,
    labels?: Uint8Array,
  ): Promise<ProbeReport>;
  /**
   * What the inputs of so many held-out items tell without an encoder.
   *
   * @param pictures nothing but those that are held out, in their order, where the run learns from some
   */
  measureRaw(settings: RunSettings, count: number, pictures?: PictureSet): ByModality<RawAccuracies>;
}

export function createProbingWork(): ProbingWork {
  return {
    measureSnapshot(settings, snapshot, onReport, labels) {
      const { rows, projections, views } = snapshot;
      const [first] = Object.values({ ...rows, ...projections });
      const count = first?.count ?? 0;
      return measure(
        {
          scenes: settings.data ? { length: count, labels } : heldOutScenes(settings, count),
          rows,
          ...(projections && { projections }),
          ...(views && { views }),
        },
        probeSettingsOf(settings, first?.width ?? 0),
        { onReport },
      );
    },
    measureRaw(settings, count, pictures) {
      if (!settings.data) {
        const scenes = heldOutScenes(settings, count);
        return rawAccuracies(settings, scenes, (modality) => world.render(settings, modality, scenes));
      }
      // Pictures of a kept run may not be here.
      if (!pictures) return {};
      const source = createPictureSource(pictures);
      const places = Array.from({ length: count }, (_, at) => at);
      const items = { length: count, labels: pictures.labels };
      return rawAccuracies(settings, items, (modality) => source.render(settings, modality, places));
    },
  };
}

function rawAccuracies(
  settings: RunSettings,
  items: ProbeSnapshot['scenes'],
  render: (modality: Modality) => Items,
): ByModality<RawAccuracies> {
  const told = settings.modalities.map((modality): [Modality, RawAccuracies] => {
    const rows = rawRows(render(modality), textSettings(settings).vocabulary);
    return [modality, { knn: knnOfFactors(rows, items), linear: linearOfFactors(rows, items) }];
  });
  return Object.fromEntries(told);
}

/** Inputs as they are: pixels, samples, or how often each word occurs. */
function rawRows({ values, shape: [count = 0, length = 0] }: Items, vocabulary: number): Rows {
  if (values instanceof Float32Array) return { values, count, width: values.length / count };
  const counts = new Float32Array(count * vocabulary);
  values.forEach((id, at) => {
    const place = Math.floor(at / length) * vocabulary + id;
    counts[place] = (counts[place] ?? 0) + 1;
  });
  return { values: counts, count, width: vocabulary };
}
