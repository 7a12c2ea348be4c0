/** What a run has learned, as the model that the explorer embeds with. */
import { create } from 'zustand';
import { isAbort } from '../../common/job.ts';
import { type Part, partsOf } from '../../lab/embedder/parts.ts';
import { messageOf, notify } from '../jobs.ts';
import { EMBEDDED } from '../model-choice.ts';
import { readApp } from '../store.ts';
import { count } from '../words.ts';
import { lab } from './address.ts';
import { pause, stateOf } from './runs.ts';
import { RECIPES } from './settings-fields.ts';
import type { LabRun } from './state.ts';

export interface UsedModel {
  /** By which the explorer knows it among its models. */
  readonly model: string;
  /** What it takes. */
  readonly parts: readonly Part[];
  /** The model that the explorer had before any of the lab's. */
  readonly former: string;
}

interface ExplorerModel {
  /** One is on its way. */
  readonly busy: boolean;
  /** Why the last attempt failed. */
  readonly fault: string | undefined;
  /** The last one that came into use. */
  readonly used: UsedModel | undefined;
}

export const useExplorerModel = create<ExplorerModel>(() => ({
  busy: false,
  fault: undefined,
  used: undefined,
}));

/**
 * Stores the encoders of a run as a model, and uses that in the explorer from now on. Every run stands afterwards. What goes
 * wrong is told in the lab, and leaves the explorer the model that it has.
 */
export function giveToExplorer(run: LabRun): Promise<void> {
  return attempt(async () => {
    await pause();
    const state = await stateOf(run.id);
    const [{ encoderFiles }, { addOwnModel }, { switchModel }] = await Promise.all([
      import('../../lab/embedder/files.ts'),
      import('../commands/models.ts'),
      import('../commands/switch-model.ts'),
    ]);
    const { config, weights, mark } = await encoderFiles(state);
    const folder = nameOf(run, state.step, mark);
    const { id: model } = await addOwnModel(
      [
        { path: `${folder}/config.json`, content: config },
        { path: `${folder}/model.safetensors`, content: weights },
      ].map(({ path, content }) => ({
        path,
        bytes: content.length,
        blob: async () => new Blob([content]),
      })),
    );
    const { modelId } = readApp();
    const { used } = useExplorerModel.getState();
    await switchModel(model);
    const before = used?.model === modelId ? used.former : modelId;
    // The same run may have been used at an earlier visit.
    const former = before === model ? EMBEDDED : before;
    useExplorerModel.setState({ used: { model, parts: partsOf(run.settings), former } });
  });
}

/** Gives the explorer the model back that it had before. */
export function goBack({ former }: UsedModel): Promise<void> {
  return attempt(async () => {
    const { switchModel } = await import('../commands/switch-model.ts');
    await switchModel(former);
  });
}

async function attempt(work: () => Promise<void>): Promise<void> {
  if (useExplorerModel.getState().busy) return;
  useExplorerModel.setState({ busy: true, fault: undefined });
  try {
    await work();
  } catch (error) {
    if (isAbort(error)) return;
    console.warn(error);
    if (lab.isOpen()) useExplorerModel.setState({ fault: messageOf(error) });
    else notify('error', messageOf(error));
  } finally {
    useExplorerModel.setState({ busy: false });
  }
}

/** As people read it in the list of models; the mark tells apart runs that differ in something else. */
function nameOf({ settings: { recipe, seed } }: LabRun, step: number, mark: string): string {
  const label = RECIPES.find(({ id }) => id === recipe)?.label ?? recipe;
  return `${label}, ${count(step, 'step')}, seed ${seed} (${mark})`;
}
