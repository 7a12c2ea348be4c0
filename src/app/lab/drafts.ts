/** What the form changes. */
import type { RecipeId, RunSettings } from '../../lab/training/settings.ts';
import { gpu } from '../services.ts';
import { startingWith } from './data/choose-data.ts';
import { isSoftware } from './is-software.ts';
import { PRESETS } from './presets.ts';
import { reset } from './runs.ts';
import { startingSettings } from './settings-fields.ts';
import { readLab, type SizeOfRun, writeLab } from './state.ts';

/** Another objective: one run with what it begins with. The seed stays. */
export function chooseRecipe(recipe: RecipeId): void {
  reset();
  const { drafts, size } = readLab();
  const { seed = 1, data } = drafts[0] ?? {};
  writeLab({ drafts: [startingWith(recipe, size, seed, data)], preset: undefined });
}

export function chooseSize(size: SizeOfRun): void {
  const { drafts } = readLab();
  writeLab({
    size,
    drafts: drafts.map(({ recipe, seed, data }) => startingSettings(recipe, size, seed, data)).slice(0, 1),
  });
  writeLab({ preset: undefined });
}

/** @param at the place of the run; what two runs have in common changes in both */
export function writeDraft(at: number, settings: RunSettings): void {
  writeLab(({ drafts }) => {
    const before = drafts[at];
    if (!before) return {};
    return {
      drafts: drafts.map((draft, place) => {
        if (place === at) return settings;
        // Two runs differ in what was changed in the second, and in nothing else.
        return at === 0 ? carry(before, settings, draft) : { ...draft, seed: settings.seed };
      }),
    };
  });
}

/** A change of one draft, made in another where both were alike. */
function carry(before: RunSettings, after: RunSettings, other: RunSettings): RunSettings {
  const was = new Map<string, unknown>(Object.entries(before));
  const others = new Map<string, unknown>(Object.entries(other));
  const isAlike = (key: string) => JSON.stringify(was.get(key)) === JSON.stringify(others.get(key));
  return { ...other, ...Object.fromEntries(Object.entries(after).filter(([key]) => isAlike(key))) };
}

/** A second run beside the first, with the same settings until one is changed. */
export function addRun(): void {
  reset();
  writeLab(({ drafts }) => ({ drafts: [...drafts.slice(0, 1), ...drafts.slice(0, 1)] }));
}

export function removeRun(): void {
  reset();
  writeLab(({ drafts }) => ({ drafts: drafts.slice(0, 1), preset: undefined }));
}

/** The healthy run, and beside it the one that is broken. */
export function choosePreset(id: string): void {
  const preset = PRESETS.find((each) => each.id === id);
  if (!preset) return;
  reset();
  writeLab(({ size, drafts, view }) => {
    const healthy = startingSettings(preset.recipe, size, drafts[0]?.seed ?? 1);
    return {
      ...{ drafts: [healthy, preset.breakIt(healthy)], preset: id },
      view: { ...view, color: preset.color, hidden: [] },
    };
  });
}

let hasChosenSize = false;

/** Small where there is no real GPU, at the first opening. */
export async function chooseStartingSize(): Promise<void> {
  if (hasChosenSize) return;
  hasChosenSize = true;
  const opened = await gpu();
  if (isSoftware(opened?.adapter) && readLab().runs.length === 0) chooseSize('small');
}
