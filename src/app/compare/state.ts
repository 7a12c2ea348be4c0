import { create } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { nextId } from '../store.ts';
import type { PaneLayout, PaneSetting } from './setting.ts';

/** How far a pane has come. */
export type PaneProgress =
  | { readonly type: 'waiting' }
  | { readonly type: 'computing'; readonly done: number; readonly total: number; readonly what: string }
  | { readonly type: 'done' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly reason: string }
  /** So many items have no embedding of its model yet. */
  | { readonly type: 'unembedded'; readonly count: number };

export interface ComparePane {
  readonly id: number;
  readonly setting: PaneSetting;
  readonly progress: PaneProgress;
  /** As it was computed; what it was before its setting changed, until it is computed anew. */
  readonly layout: PaneLayout | undefined;
  /** The same, turned to lie like the first pane. */
  readonly shown: PaneLayout | undefined;
}

export interface Playing {
  /** The pane whose items move, and the one to whose places they do. */
  readonly from: number;
  readonly to: number;
}

interface CompareState {
  /** Kept when the comparison is left, so that it can be come back to. */
  readonly panes: readonly ComparePane[];
  /** One camera for all panes of the same dimensions. */
  readonly linked: boolean;
  readonly playing: Playing | undefined;
  readonly listsOpen: boolean;
}

export const useCompare = create<CompareState>(() => ({
  panes: [],
  linked: true,
  playing: undefined,
  listsOpen: true,
}));

/** What the panes show, in their order; another list only when one of them changes. */
export const usePaneSettings = (): readonly PaneSetting[] =>
  useCompare(useShallow(({ panes }) => panes.map(({ setting }) => setting)));

export const readCompare = useCompare.getState;
export const writeCompare = useCompare.setState;

export function newPane(setting: PaneSetting): ComparePane {
  return { id: nextId(), setting, progress: { type: 'waiting' }, layout: undefined, shown: undefined };
}

/** Changes one pane; nothing where it is gone. */
export function writePane(id: number, change: Partial<ComparePane>): void {
  writeCompare(({ panes }) => ({
    panes: panes.map((pane) => (pane.id === id ? { ...pane, ...change } : pane)),
  }));
}
