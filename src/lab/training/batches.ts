/** What a step learns from, before it is on the backend: a function of the settings and the step alone. */
import type { Random } from '../../projection/random.ts';
import type { Items, Source } from '../data/source.ts';
import { type DrawnViews, drawViews } from '../views/draw-views.ts';
import { type DrawnMasks, drawMasks, MASKED } from '../views/signal-views.ts';
import { type DrawnWords, drawWords } from '../views/word-views.ts';
import type { Modality } from '../world/factors.ts';
import { createStream } from '../world/streams.ts';
import { textSettings } from './input-sizes.ts';
import { recipes } from './recipes.ts';
import type { RunSettings } from './settings.ts';

/** What is done to each item of a batch for one view of it: to what has places and colors, to a signal over time, or to words. */
export type DrawnView =
  | { readonly kind: 'picture'; readonly views: DrawnViews }
  | { readonly kind: 'signal'; readonly masks: DrawnMasks }
  | { readonly kind: 'words'; readonly words: DrawnWords };

export interface Batch {
  readonly step: number;
  readonly items: ReadonlyMap<Modality, Items>;
  /** Two for each modality, where the recipe learns from views. */
  readonly views: ReadonlyMap<Modality, readonly [DrawnView, DrawnView]>;
  /** Where it is told classes. */
  readonly labels: Uint8Array | undefined;
}

/** @param modalities those of this step, in the order of the settings */
export function drawBatch<Item>(
  source: Source<Item>,
  settings: RunSettings,
  step: number,
  modalities: readonly Modality[],
): Batch;
/** @returns undefined when it was given up */
export function drawBatch<Item>(
  source: Source<Item>,
  settings: RunSettings,
  step: number,
  modalities: readonly Modality[],
  isUnwanted: (() => boolean) | undefined,
): Batch | undefined;
export function drawBatch<Item>(
  source: Source<Item>,
  settings: RunSettings,
  step: number,
  modalities: readonly Modality[],
  isUnwanted?: () => boolean,
): Batch | undefined {
  const { seed, shuffled, unbound } = settings;
  const { data } = recipes[settings.recipe];
  const drawn = source.training(settings, step);
  // Items are independent of one another, so the next one is as good as any.
  const others = [...drawn.slice(1), ...drawn.slice(0, 1)];
  const random = createStream(seed, step, 'views');
  const items = new Map<Modality, Items>();
  const views = new Map<Modality, readonly [DrawnView, DrawnView]>();
  for (const modality of modalities) {
    if (isUnwanted?.()) return undefined;
    const isApart = unbound.includes(modality) || (shuffled && modality === 'text');
    items.set(modality, source.render(settings, modality, isApart ? others : drawn));
    if (data !== 'views') continue;
    const draw = () => drawView(random, modality, drawn.length, settings);
    views.set(modality, [draw(), draw()]);
  }
  return { step, items, views, labels: data === 'labels' ? source.labels(settings, drawn) : undefined };
}

/** What is done to so many items for one view of them. */
export function drawView(
  random: Random,
  modality: Modality,
  count: number,
  settings: Pick<RunSettings, 'side' | 'views' | 'data'>,
): DrawnView {
  if (modality === 'text') {
    return { kind: 'words', words: drawWords(random, count, textSettings(settings).tokens) };
  }
  return modality === 'audio' || modality === 'imu'
    ? { kind: 'signal', masks: drawMasks(random, count, MASKED[modality]) }
    : { kind: 'picture', views: drawViews(random, count, settings.side, settings.views) };
}
