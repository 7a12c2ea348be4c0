import { collection } from '../services.ts';
import { embeddingsOf } from './members.ts';

/** A model that a pane can show. */
export interface ModelHere {
  readonly id: string;
  /** Whether it has embedded what is here, as far as a look at one item tells. */
  readonly used: boolean;
}

/** The embedded model and the stored ones, and which of them have seen the items. */
export async function modelsHere(): Promise<ModelHere[]> {
  const { models } = await import('../commands/models.ts');
  const one = collection.items().find(({ kind }) => kind !== 'vector')?.id;
  const complete = (await models()).filter((model) => model.complete);
  return Promise.all(
    complete.map(async ({ id, inUse }) => ({
      id,
      used: inUse || (one !== undefined && (await embeddingsOf(id, [one])).size > 0),
    })),
  );
}
