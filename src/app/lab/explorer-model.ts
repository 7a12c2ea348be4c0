/** What a run has learned, as the model that the explorer embeds with. */
import { create } from 'zustand';
import { isAbort } from '../../common/job.ts';
import { messageOf, notify } from '../jobs.ts';
import { readApp } from '../store.ts';
import { count } from '../words.ts';
import { lab } from './address.ts';
import { pause, stateOf } from './runs.ts';
import { RECIPES } from './settings-fields.ts';
import type { LabRun } from './state.ts';

interface UsedRun {
  /** Of the lab's runs. */
  readonly run: number;
  readonly step: number;
  /** By which the explorer knows it among its models. */
  readonly model: string;
  /** The model that the explorer had before any of the lab's. */
  readonly former: string;
}

interface ExplorerModel {
  /** The run that is on its way. */
  readonly busy: number | undefined;
  readonly fault: { readonly run: number; readonly reason: string } | undefined;
  /** The last one that came into use. */
  readonly used: UsedRun | undefined;
}

export const useExplorerModel = create<ExplorerModel>(() => ({
  busy: undefined,
  fault: undefined,
  used: undefined,
}));

/**
 * Stores the encoders of a run as a model, and uses that in the explorer from now on. Every run stands afterwards. What goes
 * wrong is told beside the run, and leaves the explorer the model that it has.
 */
export function giveToExplorer(run: LabRun): Promise<void> {
  return attempt(run.id, async () => {
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
    const former = used?.model === modelId ? used.former : modelId;
    useExplorerModel.setState({ used: { run: run.id, step: state.step, model, former } });
  });
}

/** Gives the explorer the model back that it had before. */
export function goBack({ run, former }: UsedRun): Promise<void> {
  return attempt(run, async () => {
    const { switchModel } = await import('../commands/switch-model.ts');
    await switchModel(former);
  });
}

async function attempt(run: number, work: () => Promise<void>): Promise<void> {
  if (useExplorerModel.getState().busy !== undefined) return;
  useExplorerModel.setState({ busy: run, fault: undefined });
  try {
    await work();
  } catch (error) {
    if (isAbort(error)) return;
    console.warn(error);
    if (lab.isOpen()) useExplorerModel.setState({ fault: { run, reason: messageOf(error) } });
    else notify('error', messageOf(error));
  } finally {
    useExplorerModel.setState({ busy: undefined });
  }
}

/** As people read it in the list of models; the mark tells apart runs that differ in something else. */
function nameOf({ settings: { recipe, seed } }: LabRun, step: number, mark: string): string {
  const label = RECIPES.find(({ id }) => id === recipe)?.label ?? recipe;
  return `${label}, ${count(step, 'step')}, seed ${seed} (${mark})`;
}
