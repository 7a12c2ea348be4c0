/** Which rows of a run the map shows, and in which form. */
import type { Rows } from '../../lab/training/learner.ts';
import { recipes } from '../../lab/training/recipes.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import type { Modality } from '../../lab/world/factors.ts';
import type { Snapshot } from './state.ts';

export interface ShownRows {
  readonly modalities: readonly Modality[];
  /** Of each modality. */
  readonly count: number;
  readonly width: number;
  /** (modalities · count) × width, one modality below the other. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** Modalities of a run that are not hidden; all where all would be. */
export function shownModalities(
  { modalities }: Pick<RunSettings, 'modalities'>,
  hidden: readonly Modality[],
): readonly Modality[] {
  const shown = modalities.filter((modality) => !hidden.includes(modality));
  return shown.length > 0 ? shown : modalities;
}

/** Whether the loss compares directions: then the map does, too, and every row has length 1. */
export function comparesDirections({ recipe }: Pick<RunSettings, 'recipe'>): boolean {
  return recipes[recipe].data === 'pairs' || recipe === 'simclr';
}

/** Whether the map shows what the head makes: encoders of two modalities meet nowhere else. */
export function showsProjections({ recipe, headWidth }: Pick<RunSettings, 'recipe' | 'headWidth'>): boolean {
  return recipes[recipe].most > 1 && headWidth > 0;
}

/** @returns undefined where the snapshot has none of them, or numbers that are not finite */
export function shownRows(
  settings: RunSettings,
  snapshot: Snapshot,
  hidden: readonly Modality[],
): ShownRows | undefined {
  const source = (showsProjections(settings) && snapshot.projections) || snapshot.rows;
  const found = shownModalities(settings, hidden).flatMap((modality) => {
    const rows = source[modality];
    return rows ? [{ modality, rows }] : [];
  });
  const first = found[0]?.rows;
  if (!first) return undefined;
  const { count, width } = first;
  const values = new Float32Array(found.length * count * width);
  found.forEach(({ rows }, at) => {
    values.set(comparesDirections(settings) ? unitRows(rows) : rows.values, at * count * width);
  });
  if (!values.every(Number.isFinite)) return undefined;
  return { modalities: found.map(({ modality }) => modality), count, width, values };
}

function unitRows({ values, width }: Rows): Float32Array {
  const unit = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += width) {
    const row = values.subarray(from, from + width);
    const norm = Math.hypot(...row) || 1;
    row.forEach((value, at) => {
      unit[from + at] = value / norm;
    });
  }
  return unit;
}
