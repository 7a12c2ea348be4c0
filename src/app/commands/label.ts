import type { Job } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { Similarity } from '../../metrics/engine.ts';
import { collection, embedder, engine } from '../services.ts';
import { writeApp } from '../store.ts';
import { chosen } from './measure.ts';

/** Similarities of the embedded model differ by some tenths; this tells labels apart without pretending certainty. */
const DEFAULT_TEMPERATURE = 0.15;

const LOWEST_TEMPERATURE = 0.01;

/** What suits the model in use: its own, where it learned one, within what the page allows. */
async function suitedTemperature(): Promise<number> {
  const { temperature = DEFAULT_TEMPERATURE } = (await embedder()).info;
  return Math.min(1, Math.max(LOWEST_TEMPERATURE, temperature));
}

/** CLIP-style similarity of pictures and labels; see the scripting handle. */
export async function similarity(
  options: Job & {
    readonly pictures?: readonly Id[];
    readonly labels: readonly string[];
    readonly temperature?: number;
  },
): Promise<Similarity & { readonly ids: Id[] }> {
  const { labels, temperature: wished } = options;
  if (labels.length === 0) throw new RangeError('No labels. Give at least one, for example ["dog", "cat"].');
  if (wished !== undefined && !(wished >= LOWEST_TEMPERATURE && wished <= 1)) {
    throw new RangeError(`A temperature is between 0.01 and 1, and this is ${wished}.`);
  }
  const pictures = options.pictures
    ? chosen({ space: 'joint', ids: options.pictures })
    : collection.membersOfKind('joint', 'picture');
  if (pictures.ids.length === 0) {
    throw new RangeError(
      'There are no pictures to compare with the labels. Add some, or open the sample set.',
    );
  }
  const temperature = wished ?? (await suitedTemperature());
  const texts = await (await embedder()).embedTexts(labels, options);
  const dimension = pictures.set.dimension;
  const vectors = new Float32Array(labels.length * dimension);
  texts.forEach((text, row) => {
    vectors.set(text.joint, row * dimension);
  });
  const answer = await (await engine()).similarity(
    pictures.set,
    { vectors, dimension },
    { scale: 1 / temperature },
    options,
  );
  return { ...answer, ids: [...pictures.ids] };
}

/** Makes the table of every picture's probabilities over the labels, and colors the map by the likeliest. */
export async function showLabels(labels: readonly string[], wished?: number): Promise<void> {
  const temperature = wished ?? (await suitedTemperature());
  const { ids, overLabels } = await similarity({ labels, temperature });
  writeApp((state) => ({
    labels: { labels, ids, overLabels, temperature },
    search: undefined,
    focus: { type: 'labels' },
    panel: state.panel === 'closed' ? 'closed' : 'details',
  }));
}
