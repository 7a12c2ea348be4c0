/** What the probing worker does: snapshots come in, reports go out. */

import { createPictureSource } from '../../lab/data/picture-source.ts';
import type { PictureSet } from '../../lab/data/pictures.ts';
import { type Items, world } from '../../lab/data/source.ts';
import { knnOfFactors, linearOfFactors } from '../../lab/probes/factors.ts';
import { measure } from '../../lab/probes/measure.ts';
import type { ByModality, LabeledItems, ProbeReport } from '../../lab/probes/report.ts';
import { textSettings } from '../../lab/training/input-sizes.ts';
import type { Rows } from '../../lab/training/learner.ts';
import { heldOutScenes } from '../../lab/training/scenes.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import type { Modality } from '../../lab/world/factors.ts';
import type { Scene } from '../../lab/world/scene.ts';
import { probeSettingsOf } from './probe-settings.ts';
import type { RawAccuracies, Snapshot } from './state.ts';

/** Pictures that a run is probed with, each set nothing but them in their order. */
export interface ProbedPictures {
  readonly heldOut: PictureSet;
  /** Trained on, each with a label. */
  readonly known: PictureSet;
}

export interface PictureLabels {
  readonly heldOut: Uint8Array;
  readonly known: Uint8Array;
}

export interface ProbingWork {
  /**
   * @param onReport hears of the report as far as it is
   * @param labels where the run learns from pictures
   */
  measureSnapshot(
    settings: RunSettings,
    snapshot: Snapshot,
    onReport: (report: ProbeReport) => void,
    labels?: PictureLabels,
  ): Promise<ProbeReport>;
  /**
   * What the inputs of so many held-out items tell without an encoder.
   *
   * @param pictures where the run learns from some
   */
  measureRaw(settings: RunSettings, count: number, pictures?: ProbedPictures): ByModality<RawAccuracies>;
}

export function createProbingWork(): ProbingWork {
  return {
    measureSnapshot(settings, snapshot, onReport, labels) {
      const { rows, known, projections, views } = snapshot;
      const [first] = Object.values({ ...rows, ...projections });
      const count = first?.count ?? 0;
      return measure(
        {
          scenes: settings.data ? { length: count, labels: labels?.heldOut } : heldOutScenes(settings, count),
          rows,
          ...(known && labels && { known: { rows: known, labels: labels.known } }),
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
        const told = settings.modalities.map((modality): [Modality, RawAccuracies] => {
          const rows = rawRows(world.render(settings, modality, scenes), settings);
          return [modality, accuraciesOf(rows, scenes)];
        });
        return Object.fromEntries(told);
      }
      // Pictures of a kept run may not be here.
      if (!pictures) return {};
      const { heldOut, known } = pictures;
      const told = settings.modalities.map((modality): [Modality, RawAccuracies] => {
        const items = {
          ...{ length: count, labels: heldOut.labels },
          ...(known.labels.length > 0 && {
            known: { rows: rawPictures(settings, modality, known), labels: known.labels },
          }),
        };
        return [modality, accuraciesOf(rawPictures(settings, modality, heldOut), items)];
      });
      return Object.fromEntries(told);
    },
  };
}

function accuraciesOf(rows: Rows, items: readonly Scene[] | LabeledItems): RawAccuracies {
  return { knn: knnOfFactors(rows, items), linear: linearOfFactors(rows, items) };
}

function rawPictures(settings: RunSettings, modality: Modality, pictures: PictureSet): Rows {
  const places = Array.from(pictures.labels.keys());
  return rawRows(createPictureSource(pictures).render(settings, modality, places), settings);
}

/** Inputs as they are: pixels, samples, or how often each word occurs. */
function rawRows({ values, shape: [count = 0, length = 0] }: Items, settings: RunSettings): Rows {
  const { vocabulary } = textSettings(settings);
  if (values instanceof Float32Array) return { values, count, width: values.length / count };
  const counts = new Float32Array(count * vocabulary);
  values.forEach((id, at) => {
    const place = Math.floor(at / length) * vocabulary + id;
    counts[place] = (counts[place] ?? 0) + 1;
  });
  return { values: counts, count, width: vocabulary };
}
