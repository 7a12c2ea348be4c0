import type { Item } from '../data/item.ts';
import type { EmbedderInfo } from '../models/embedder.ts';

/** Whether a model makes vectors of this kind of item. Ready-made vectors are of no model. */
export function takes(model: Pick<EmbedderInfo, 'takes'>, kind: Item['kind']): boolean {
  if (kind === 'picture') return model.takes.pictures;
  return kind === 'vector' || model.takes.texts;
}

/** What a model of one kind of thing takes, in words; empty for one that takes both. */
export function onlyTakes(model: Pick<EmbedderInfo, 'name' | 'takes'> | undefined): string {
  if (!model || (model.takes.pictures && model.takes.texts)) return '';
  return `${model.name} takes ${model.takes.pictures ? 'pictures' : 'texts'} only`;
}
