import type { PaneRequest } from '../handle.ts';

/**
 * Looks at the models that panes name, for ready-made vectors, too, which no model made: one that is not there is a mistake.
 *
 * @param known needs not be asked for
 * @param stored the ids of all models that there are
 * @throws {RangeError} naming the pane, its model and those that there are
 */
export async function checkModels(
  requests: readonly PaneRequest[],
  known: readonly string[],
  stored: () => Promise<readonly string[]>,
): Promise<void> {
  const isDoubtful = ({ model }: PaneRequest) => model !== undefined && !known.includes(model);
  if (!requests.some(isDoubtful)) return;
  const here = await stored();
  for (const [at, { model }] of requests.entries()) {
    if (model === undefined || known.includes(model) || here.includes(model)) continue;
    throw new RangeError(
      `panes[${at}].model is "${model}", and no such model is stored. Name one of ${here.join(', ')}, or store it first with addModel("${model}").`,
    );
  }
}
