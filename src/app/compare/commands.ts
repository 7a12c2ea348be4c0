/** What can be done with a comparison: buttons, keys and `window.nearfield` call the same functions. */
import { type Job, orAborted } from '../../common/job.ts';
import type { ComparedPane, PaneRequest } from '../handle.ts';
import { EMBEDDED } from '../model-choice.ts';
import { onOtherVersion } from '../model-versions.ts';
import { collection } from '../services.ts';
import { readApp, useApp, writeApp } from '../store.ts';
import { count } from '../words.ts';
import { checkModels } from './check-models.ts';
import { mainSetting } from './main-setting.ts';
import { checkLayout, MOST_PANES, type PaneSetting, PRESETS } from './setting.ts';
import { itemsChanged, makesAnother, modelReplaced, realign, settle, stop, stopAll } from './settle.ts';
import { type ComparePane, newPane, readCompare, useCompare, writeCompare, writePane } from './state.ts';

/** Below this many pixels two panes are enough to begin with. */
const NARROW = 760;

/** The setting that a preset or a new pane starts from. */
const leadSetting = (): PaneSetting => readCompare().panes[0]?.setting ?? mainSetting();

export function toggleCompare(): void {
  if (readApp().comparing) endCompare();
  else startCompare();
}

/** Shows the comparison of last time, where its items are still there; else the four metrics. */
export function startCompare(): void {
  const { panes } = readCompare();
  const fits =
    panes.length > 0 && panes.every(({ setting }) => collection.members(setting.space).ids.length > 0);
  const four = PRESETS.metrics(mainSetting());
  const few = globalThis.innerWidth <= NARROW ? four.slice(0, 2) : four;
  void showPanes(fits ? panes.map(({ setting }) => setting) : few);
}

export function endCompare(): void {
  writeApp({ comparing: false });
  writeCompare({ playing: undefined });
  stopAll();
}

/** Shows these settings, side by side; a pane that shows one already stays as it is. Ends when all are computed or will not be. */
async function showPanes(settings: readonly PaneSetting[]): Promise<void> {
  const before = [...readCompare().panes];
  const panes = settings.map((setting) => {
    const at = before.findIndex((pane) => !makesAnother(pane.setting, setting));
    const [same] = at < 0 ? [] : before.splice(at, 1);
    return same ? { ...same, setting } : newPane(setting);
  });
  writeCompare({ panes, playing: undefined });
  writeApp({ comparing: true, hovered: undefined });
  realign();
  watchItems();
  await settle(panes.map(({ id }) => id));
}

/** Changes what a pane shows. */
export function changePane(id: number, change: Partial<PaneSetting>): void {
  const pane = readCompare().panes.find((each) => each.id === id);
  if (!pane) return;
  const setting = { ...pane.setting, ...change };
  writePane(id, { setting });
  writeCompare({ playing: undefined });
  if (makesAnother(pane.setting, setting)) void settle([id]);
}

/** Adds a pane like the last one, under the first metric that no other pane has. */
export function addPane(): void {
  const { panes } = readCompare();
  const last = panes.at(-1)?.setting ?? mainSetting();
  if (panes.length >= MOST_PANES) return;
  const free = PRESETS.metrics(last).find((option) =>
    panes.every(({ setting }) => makesAnother(setting, option)),
  );
  const pane = newPane(free ?? { ...last, seed: last.seed + 1 });
  writeCompare({ panes: [...panes, pane] });
  void settle([pane.id]);
}

/** Takes a pane out; the last one ends the comparison. */
export function removePane(id: number): void {
  stop(id);
  const panes = readCompare().panes.filter((pane) => pane.id !== id);
  if (panes.length === 0) endCompare();
  writeCompare({ panes, playing: undefined });
  realign();
}

/** Moves a pane by so many places. */
export function movePane(id: number, by: number): void {
  const panes = [...readCompare().panes];
  const from = panes.findIndex((pane) => pane.id === id);
  const to = from + by;
  const [pane] = panes.slice(from, from + 1);
  if (!pane || to < 0 || to >= panes.length) return;
  panes.splice(from, 1);
  panes.splice(to, 0, pane);
  writeCompare({ panes });
  realign();
}

/** Stops computing a pane; it keeps what it showed. */
export function stopPane(id: number): void {
  stop(id);
}

/** Computes a pane that was stopped or that failed. */
export function retryPane(id: number): void {
  void settle([id]);
}

export function showPreset(name: keyof typeof PRESETS): void {
  void showPanes(PRESETS[name](leadSetting()));
}

/** The same under the model in use and under another one. */
export function showModels(other: string): void {
  const from = leadSetting();
  void showPanes([readApp().modelId, other].map((model) => ({ ...from, model })));
}

let watching = false;

/** Items that come and go do so in all panes, a moment after the last change; what another version of a model made leaves them at once. */
function watchItems(): void {
  if (watching) return;
  watching = true;
  onOtherVersion((model) => void modelReplaced(model));
  let timer: ReturnType<typeof setTimeout> | undefined;
  useApp.subscribe((state, before) => {
    if (state.revision === before.revision || !state.comparing) return;
    if (state.count === 0) return endCompare();
    clearTimeout(timer);
    timer = setTimeout(() => void itemsChanged(), 200);
  });
}

/**
 * For scripts: shows these panes (the four metrics unless told; none ends the comparison) and gives each with its positions,
 * turned to lie like the first one's. What is not told is as on the map.
 */
export async function compare(
  requests?: readonly PaneRequest[],
  { signal, onProgress }: Job = {},
): Promise<{ panes: ComparedPane[] }> {
  if (requests?.length === 0) {
    endCompare();
    return { panes: [] };
  }
  signal?.throwIfAborted();
  const base = mainSetting();
  const settings = requests?.map((request) => ({ ...base, ...request })) ?? PRESETS.metrics(base);
  settings.forEach(checkLayout);
  await checkModels(requests ?? [], [EMBEDDED, readApp().modelId], storedModels);
  signal?.throwIfAborted();
  const shown = showPanes(settings);
  const unsubscribe = useCompare.subscribe(({ panes }) => {
    onProgress?.(panes.filter(({ progress }) => progress.type === 'done').length, panes.length, 'Panes');
  });
  try {
    await orAborted(shown, signal);
  } catch (error) {
    endCompare();
    throw error;
  } finally {
    unsubscribe();
  }
  return { panes: readCompare().panes.map(compared) };
}

async function storedModels(): Promise<string[]> {
  const { models } = await import('../commands/models.ts');
  return (await models()).flatMap(({ id, complete }) => (complete ? [id] : []));
}

function compared({ setting, progress, shown }: ComparePane): ComparedPane {
  if (progress.type === 'failed') throw new Error(progress.reason);
  if (progress.type === 'unembedded') {
    throw new Error(
      `${count(progress.count, 'item')} have no embedding by ${setting.model} yet. Use it once with useModel("${setting.model}"), then compare.`,
    );
  }
  if (progress.type !== 'done' || !shown) {
    throw new DOMException('The comparison was stopped before all panes were there.', 'AbortError');
  }
  const { ids, positions, explained, negativeShare } = shown;
  return { setting, ids: [...ids], positions: positions.slice(), explained, negativeShare };
}
