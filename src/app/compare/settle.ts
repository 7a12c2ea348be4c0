/** Computes what panes wait for, one after another, and turns what is there to lie like the first. */
import { isAbort } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import { addingEnds, isAdding } from '../commands/add.ts';
import { messageOf } from '../jobs.ts';
import { collection } from '../services.ts';
import { readApp } from '../store.ts';
import { createAligner } from './align-layouts.ts';
import { knownLayout, makeLayout } from './layouts.ts';
import { membersOf } from './members.ts';
import { layoutKey, type PaneLayout } from './setting.ts';
import { type ComparePane, readCompare, writeCompare, writePane } from './state.ts';

const alignAll = createAligner();

let working: Promise<void> | undefined;
let running: { readonly id: number; readonly controller: AbortController } | undefined;

/** What was tried to be embedded and cannot be: panes go on without. */
const unreadable = new Map<string, number>();

const paneOf = (id: number): ComparePane | undefined => readCompare().panes.find((pane) => pane.id === id);

/**
 * Has these panes brought up to date: at once where their layouts are known, else in turn. Ends when nothing waits any more;
 * a pane's progress says what became of it.
 */
export async function settle(ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    if (running?.id === id) running.controller.abort(new DOMException('Replaced.', 'AbortError'));
  }
  await Promise.all(ids.map(showKnown));
  await work();
}

/** Stops computing a pane; it keeps what it showed. */
export function stop(id: number): void {
  if (running?.id === id) running.controller.abort(new DOMException('Cancelled.', 'AbortError'));
  if (paneOf(id)) writePane(id, { progress: { type: 'stopped' } });
}

/** Stops everything, for the comparison is left; what was not done waits. */
export function stopAll(): void {
  running?.controller.abort(new DOMException('The comparison was left.', 'AbortError'));
}

/** Says that so many items could not be embedded with a model, so that nobody asks for them again. */
export function acceptUnembedded(model: string, count: number): void {
  unreadable.set(model, count);
}

async function showKnown(id: number): Promise<void> {
  const pane = paneOf(id);
  if (!pane) return;
  const { setting } = pane;
  const found = await membersOf(setting).then(
    ({ unembedded, ids }) => (unembedded === 0 ? knownLayout(setting, ids) : undefined),
    // It is told when it is to be computed.
    () => undefined,
  );
  if (paneOf(id)?.setting !== setting) return;
  if (found) finish(id, found);
  else writePane(id, { progress: { type: 'waiting' } });
}

function work(): Promise<void> {
  working ??= workThrough();
  return working;
}

async function workThrough(): Promise<void> {
  // Where nothing waits it would otherwise be over before anybody knows that it works.
  await Promise.resolve();
  try {
    for (;;) {
      if (isAdding()) await addingEnds();
      const { panes } = readCompare();
      const next = readApp().comparing && panes.find(({ progress }) => progress.type === 'waiting');
      if (!next) return;
      await compute(next);
    }
  } finally {
    working = undefined;
  }
}

async function compute({ id, setting }: ComparePane): Promise<void> {
  const controller = new AbortController();
  running = { id, controller };
  const { signal } = controller;
  const mine = () => paneOf(id)?.setting === setting;
  const tell = (done: number, total: number, what: string) => {
    if (mine() && !signal.aborted) writePane(id, { progress: { type: 'computing', done, total, what } });
  };
  tell(0, 0, '');
  try {
    const members = await membersOf(setting);
    if (members.unembedded > (unreadable.get(setting.model) ?? 0)) {
      if (mine()) writePane(id, { progress: { type: 'unembedded', count: members.unembedded } });
      return;
    }
    const made =
      knownLayout(setting, members.ids) ?? (await makeLayout(setting, members, { signal, onProgress: tell }));
    signal.throwIfAborted();
    if (mine()) finish(id, made);
  } catch (error) {
    // Who aborted it says what is next; only leaving does not.
    const progress = isAbort(error)
      ? readApp().comparing
        ? undefined
        : ({ type: 'waiting' } as const)
      : ({ type: 'failed', reason: messageOf(error) } as const);
    if (progress && mine()) writePane(id, { progress });
  } finally {
    if (running?.controller === controller) running = undefined;
  }
}

function finish(id: number, layout: PaneLayout): void {
  writePane(id, { layout, progress: { type: 'done' } });
  realign();
}

/** Turns all layouts toward the first pane's, and that toward the main map. */
export function realign(): void {
  const { panes } = readCompare();
  const shown = alignAll(
    panes.map(({ layout }) => layout),
    readApp().placement,
  );
  if (panes.every((pane, row) => pane.shown === shown[row])) return;
  writeCompare({ panes: panes.map((pane, row) => ({ ...pane, shown: shown[row] })) });
}

/** Items came or went: what is gone leaves the panes at once, and all are made anew. */
export async function itemsChanged(): Promise<void> {
  const stays = (id: Id) => collection.has(id);
  writeCompare(({ panes }) => ({
    panes: panes.map((pane) => {
      const { layout } = pane;
      return !layout || layout.ids.every(stays) ? pane : { ...pane, layout: without(layout, stays) };
    }),
  }));
  realign();
  await settle(readCompare().panes.map(({ id }) => id));
}

/** A model is another version now: its panes forget the maps of the one before, and are made anew. */
export async function modelReplaced(model: string): Promise<void> {
  const { panes } = readCompare();
  const of = (pane: ComparePane) => pane.setting.model === model && pane.setting.space !== 'vectors';
  writeCompare({ panes: panes.map((pane) => (of(pane) ? { ...pane, layout: undefined } : pane)) });
  realign();
  unreadable.delete(model);
  await settle(panes.filter(of).map(({ id }) => id));
}

function without(layout: PaneLayout, stays: (id: Id) => boolean): PaneLayout {
  const { ids, positions, dimensions } = layout;
  const rows = ids.flatMap((id, row) => (stays(id) ? [row] : []));
  const kept = new Float32Array(rows.length * dimensions);
  rows.forEach((row, to) => {
    kept.set(positions.subarray(row * dimensions, (row + 1) * dimensions), to * dimensions);
  });
  return { ...layout, ids: rows.map((row) => ids[row] ?? ''), positions: kept };
}

/** Whether another setting gives another map. */
export function makesAnother(a: ComparePane['setting'], b: ComparePane['setting']): boolean {
  return layoutKey(a) !== layoutKey(b);
}
