/** What the runs learn from, as the form chooses it. */
import { create } from 'zustand';
import { isAbort } from '../../../common/job.ts';
import { type RealData, unfitReason } from '../../../lab/data/real-data.ts';
import type { RecipeId, RunSettings } from '../../../lab/training/settings.ts';
import { messageOf } from '../../jobs.ts';
import { isGoing, reset, train } from '../runs.ts';
import { startingSettings } from '../settings-fields.ts';
import { readLab, type SizeOfRun, writeLab } from '../state.ts';
import { loadedIds, type ReadPictures, readLoaded, readSamples } from './picture-sets.ts';

export type DataKind = 'world' | RealData['kind'];

interface LabData {
  /** Pictures that are being read. */
  readonly reading: { readonly kind: DataKind; readonly done: number; readonly total: number } | undefined;
  /** Why what was chosen last could not be. */
  readonly refused: string | undefined;
  /** What was left out of the pictures that were read last. */
  readonly leftOut: string | undefined;
  /** Of the loaded pictures that were taken last. */
  readonly takenIds: string;
}

const NOTHING: LabData = { reading: undefined, refused: undefined, leftOut: undefined, takenIds: '' };

export const useLabData = create<LabData>(() => NOTHING);

let current: AbortController | undefined;

/** Lets the runs go, and has the form's settings learn from these; where they cannot, the form stays and says why. */
export async function chooseData(kind: DataKind): Promise<void> {
  current?.abort();
  const controller = new AbortController();
  current = controller;
  const { signal } = controller;
  useLabData.setState({ reading: undefined, refused: undefined, leftOut: undefined });
  if (kind === 'world') {
    take(undefined);
    return;
  }
  const onProgress = (done: number, total: number): void => {
    if (!signal.aborted) useLabData.setState({ reading: { kind, done, total } });
  };
  onProgress(0, 0);
  const before = new Set(readLab().runs.map(({ id }) => id));
  try {
    const takenIds = kind === 'loaded' ? loadedIds() : '';
    const read = await (kind === 'samples' ? readSamples : readLoaded)({ signal, onProgress });
    if (signal.aborted) return;
    const { data } = read.set;
    const { drafts, size } = readLab();
    const refused = drafts[0] && unfitReason(startingSettings(drafts[0].recipe, size, 1, data));
    if (refused !== undefined) useLabData.setState({ refused });
    else {
      // Whoever pressed Start meanwhile did so for what was chosen.
      const isStarted = readLab().runs.some((run) => isGoing(run) && !before.has(run.id));
      take(data);
      useLabData.setState({ leftOut: leftOutText(read), takenIds });
      if (isStarted) train();
    }
  } catch (error) {
    if (!isAbort(error)) useLabData.setState({ refused: messageOf(error) });
  } finally {
    if (current === controller) useLabData.setState({ reading: undefined });
  }
}

/** What another recipe begins with: from the same pictures where it can learn from them, else from the world, and the form says why. */
export function startingWith(
  recipe: RecipeId,
  size: SizeOfRun,
  seed: number,
  data: RealData | undefined,
): RunSettings {
  const settings = startingSettings(recipe, size, seed, data);
  const refused = unfitReason(settings);
  useLabData.setState({ refused });
  return refused === undefined ? settings : startingSettings(recipe, size, seed);
}

function take(data: RealData | undefined): void {
  reset();
  writeLab(({ drafts, size }) => ({
    preset: undefined,
    drafts: drafts.slice(0, 1).map(({ recipe, seed }) => startingSettings(recipe, size, seed, data)),
  }));
}

function leftOutText({ failed, left }: ReadPictures): string | undefined {
  const parts = [
    failed > 0 ? `${failed} could not be read.` : '',
    left > 0 ? `${left.toLocaleString('en-US')} more are left out.` : '',
  ];
  return parts.filter(Boolean).join(' ') || undefined;
}
