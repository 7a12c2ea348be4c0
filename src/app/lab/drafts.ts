/** What the form changes. */
import type { RecipeId, RunSettings } from '../../lab/training/settings.ts';
import { PRESETS } from './presets.ts';
import { reset } from './runs.ts';
import { startingSettings } from './settings-fields.ts';
import { readLab, type SizeOfRun, writeLab } from './state.ts';

/** Another objective: one run with what it begins with. The seed stays. */
export function chooseRecipe(recipe: RecipeId): void {
  reset();
  const { drafts, size } = readLab();
  const seed = drafts[0]?.seed ?? 1;
  writeLab({ drafts: [startingSettings(recipe, size, seed)], preset: undefined });
}

export function chooseSize(size: SizeOfRun): void {
  const { drafts } = readLab();
  writeLab({
    size,
    drafts: drafts.map(({ recipe, seed }) => startingSettings(recipe, size, seed)).slice(0, 1),
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
  const carried = Object.fromEntries(
    Object.entries(after).filter(([key]) => {
      const name = key as keyof RunSettings;
      return JSON.stringify(before[name]) === JSON.stringify(other[name]);
    }),
  );
  return { ...other, ...carried };
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

/** The sound run, and beside it the one that is broken. */
export function choosePreset(id: string): void {
  const preset = PRESETS.find((each) => each.id === id);
  if (!preset) return;
  reset();
  writeLab(({ size, drafts, view }) => {
    const sound = startingSettings(preset.recipe, size, drafts[0]?.seed ?? 1);
    return {
      ...{ drafts: [sound, preset.breakIt(sound)], preset: id },
      view: { ...view, color: preset.color, hidden: [] },
    };
  });
}
