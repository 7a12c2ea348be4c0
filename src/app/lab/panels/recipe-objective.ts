import { objectives } from '../../../lab/objectives/catalogue.ts';
import type { Objective, ObjectiveId } from '../../../lab/objectives/description.ts';
import type { RecipeId } from '../../../lab/training/settings.ts';

/** The objective that a recipe learns by, as the catalogue describes it. */
export function objectiveOf(recipe: RecipeId): Objective {
  const id: ObjectiveId = recipe === 'simclr' ? 'nt-xent' : recipe;
  return objectives[id];
}
