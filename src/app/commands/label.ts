import { type Job, type OnProgress, orAborted } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { Similarity, VectorSet } from '../../metrics/engine.ts';
import type { Embedder } from '../../models/embedder.ts';
import { NotTaken } from '../../models/errors.ts';
import { runJob } from '../jobs.ts';
import { averageTemplates, checkTemplates, fillTemplates, suitedTemplates } from '../label-templates.ts';
import { withinOneModel } from '../one-model.ts';
import { collection, embedder, engine } from '../services.ts';
import { readApp, writeApp } from '../store.ts';
import { HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE, sharesOf, suitedTemperature } from '../temperature.ts';
import { createTextVectors } from '../text-vectors.ts';
import { chosen } from './measure.ts';
import { beginAnswer } from './search.ts';

/** Eighty templates of some hundred labels; 20 MB at most under the models that are usual. */
const embedTexts = createTextVectors(10_000);

/** Milliseconds after which the embedding of labels shows on the page, and can be cancelled there. */
const A_MOMENT = 300;

interface Labelling extends Job {
  readonly labels: readonly string[];
  readonly pictures?: readonly Id[];
  readonly templates?: readonly string[] | undefined;
  readonly temperature?: number | undefined;
}

/** CLIP-style similarity of pictures and labels; see the scripting handle. */
export async function similarity(options: Labelling): Promise<Similarity & { readonly ids: Id[] }> {
  const { labels, templates, temperature } = options;
  if (labels.length === 0) throw new RangeError('No labels. Give at least one, for example ["dog", "cat"].');
  if (templates) checkTemplates(templates);
  if (
    temperature !== undefined &&
    !(temperature >= LOWEST_TEMPERATURE && temperature <= HIGHEST_TEMPERATURE)
  ) {
    throw new RangeError(
      `A temperature is between ${LOWEST_TEMPERATURE} and ${HIGHEST_TEMPERATURE}, and this is ${temperature}.`,
    );
  }
  return withinOneModel(async () => {
    const { ids, set } = picturesOf(options.pictures);
    const model = await orAborted(embedder(), options.signal);
    const vectors = await labelVectors(model, labels, templates ?? suitedTemplates(model.info), options);
    const scale = 1 / (temperature ?? suitedTemperature(model.info));
    const answer = await (await engine()).similarity(set, vectors, { scale }, options);
    return { ...answer, ids: [...ids] };
  });
}

function picturesOf(wished: readonly Id[] | undefined) {
  const pictures = wished
    ? chosen({ space: 'joint', ids: wished })
    : collection.membersOfKind('joint', 'picture');
  if (pictures.ids.length > 0) return pictures;
  const { model } = readApp();
  if (model && !model.takes.pictures) throw new NotTaken(model.name, 'pictures');
  throw new RangeError('There are no pictures to compare with the labels. Add some, or open the sample set.');
}

/** A vector for each label in the joint space, averaged over the templates. */
async function labelVectors(
  model: Embedder,
  labels: readonly string[],
  templates: readonly string[],
  job: Job,
): Promise<VectorSet> {
  const texts = fillTemplates(labels, templates);
  return averageTemplates(await embedTexts(model, texts, job), templates.length);
}

/**
 * Makes the table of every picture's shares over the labels, and colors the map by the likeliest. The templates are those that were
 * chosen last, or what suits the model; the temperature is the model's own until {@link setTemperature} says otherwise.
 */
export async function showLabels(labels: readonly string[]): Promise<void> {
  const isWanted = beginAnswer();
  const table = await withinOneModel(async () => {
    const { ids, set } = picturesOf(undefined);
    const model = await embedder();
    const templates = readApp().labelTemplates ?? suitedTemplates(model.info);
    const vectors = await shownUnlessQuick((job) => labelVectors(model, labels, templates, job));
    // At scale 1 the logits are the cosines: from those the shares at any temperature are had without measuring again.
    const { logits: cosines } = await (await engine()).similarity(set, vectors, { scale: 1 });
    const temperature = suitedTemperature(model.info);
    const overLabels = sharesOf(cosines, labels.length, temperature);
    return { labels, templates, ids, cosines, overLabels, temperature };
  });
  if (!isWanted()) return;
  writeApp((state) => ({
    labels: table,
    search: undefined,
    focus: { type: 'labels' },
    panel: state.panel === 'closed' ? 'closed' : 'details',
  }));
}

/** A job that is not shown where it ends at once: a card that flashes up tells nothing. */
async function shownUnlessQuick<T>(work: (job: Job) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let report: OnProgress = () => {};
  const running = work({ signal: stop.signal, onProgress: (...progress) => report(...progress) });
  const isQuick = await Promise.race([
    running.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), A_MOMENT)),
  ]);
  if (isQuick) return running;
  return runJob({ title: 'Embedding the labels', unit: 'items' }, undefined, (job) => {
    report = job.onProgress;
    job.signal.addEventListener('abort', () => stop.abort(job.signal.reason), { once: true });
    return running;
  });
}

/** Shares at another temperature, without embedding or measuring anything again. */
export function setTemperature(temperature: number): void {
  const { labels } = readApp();
  if (!labels) return;
  const overLabels = sharesOf(labels.cosines, labels.labels.length, temperature);
  writeApp({ labels: { ...labels, overLabels, temperature } });
}

/**
 * {@link showLabels} with these templates, which are used from now on.
 *
 * @param templates undefined for what suits the model
 * @throws {RangeError} for templates that will not do
 */
export async function showLabelsIn(
  templates: readonly string[] | undefined,
  labels: readonly string[],
): Promise<void> {
  if (templates) checkTemplates(templates);
  writeApp({ labelTemplates: templates });
  await showLabels(labels);
}
