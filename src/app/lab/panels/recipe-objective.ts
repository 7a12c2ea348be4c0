import { objectives } from '../../../lab/objectives/catalogue.ts';
import type { Objective } from '../../../lab/objectives/description.ts';
import { recipes } from '../../../lab/training/recipes.ts';
import type { RecipeId } from '../../../lab/training/settings.ts';

/** The objective that a recipe learns by, as the catalogue describes it. */
export function objectiveOf(recipe: RecipeId): Objective {
  return objectives[recipes[recipe].objective];
}
