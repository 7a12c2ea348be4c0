import type { Job } from '../../common/job.ts';
import { inSteps } from '../../common/steps.ts';
import type { Agreement } from '../../compare/agreement.ts';
import type { Correlations, Measured } from '../../compare/compare-metrics.ts';
import type { Honesty } from '../../compare/measure-honesty.ts';
import type { Space } from '../../compare/measure-space.ts';
import type { Id } from '../../data/item.ts';
import type { VectorSet } from '../../metrics/engine.ts';
import { knownLayout, makeLayout } from '../compare/layouts.ts';
import type { PaneLayout } from '../compare/setting.ts';
import { engine } from '../services.ts';
import { Answers } from './answers.ts';
import type { Question } from './ask.ts';
import { type MapSubject, type Subject, vectorsOf } from './subjects.ts';

// Of 10,000 items an agreement of four metrics takes about 1 MB, the honesty of a map and of PCA about 4 MB.
const agreements = new Answers<Agreement>(8);
const correlations = new Answers<Correlations>(16);
const honesties = new Answers<Honesty>(8);
const honestyLists = new Answers<readonly Honesty[]>(4);
const spaces = new Answers<Space>(8);

async function comparison() {
  const [{ createComparison }, opened] = await Promise.all([
    import('../../compare/create-comparison.ts'),
    engine(),
  ]);
  return createComparison(opened);
}

const keyOfAll = (subjects: readonly Subject[]): string => subjects.map(({ key }) => key).join(' | ');

function measured(subjects: readonly Subject[], ids: readonly Id[]): Promise<Measured[]> {
  return Promise.all(
    subjects.map(async ({ setting }) => ({
      set: await vectorsOf(setting, ids),
      options: { metric: setting.metric },
    })),
  );
}

export function askAgreement(subjects: readonly Subject[], ids: readonly Id[]): Question<Agreement> {
  return {
    slot: 'agreement',
    key: keyOfAll(subjects),
    ids,
    title: 'Measuring how metrics agree',
    kept: agreements,
    run: async (job) => (await comparison()).agreement(await measured(subjects, ids), {}, job),
  };
}

export function askCorrelations(subjects: readonly Subject[], ids: readonly Id[]): Question<Correlations> {
  return {
    slot: 'correlations',
    key: keyOfAll(subjects),
    ids,
    title: 'Correlating distances',
    kept: correlations,
    run: async (job) => (await comparison()).correlations(await measured(subjects, ids), {}, job),
  };
}

/** A map's honesty, and PCA's of the same space in the same dimensions. */
export function askHonesty(subject: MapSubject): Question<Honesty> {
  const { ids, layout } = subject;
  return {
    slot: 'honesty',
    key: honestyKey(subject),
    ids,
    title: 'Measuring how far the map can be trusted',
    kept: honesties,
    run: async (job) => {
      const { metric } = subject.setting;
      const set = await vectorsOf(subject.setting, ids);
      const step = inSteps(job, [1, 10]);
      const maps = [layout, await pcaOf(subject, set, step())];
      return (await comparison()).honesty({ set, options: { metric }, maps }, step());
    },
  };
}

/** The same of several maps, of which those that are known are not measured again. */
export function askHonesties(subjects: readonly MapSubject[]): Question<readonly Honesty[]> {
  return {
    slot: 'honesty',
    key: subjects.map(honestyKey).join(' | '),
    ids: subjects[0]?.ids ?? [],
    title: 'Measuring how far the maps can be trusted',
    kept: honestyLists,
    run: async (job) => {
      const answers: Honesty[] = [];
      const questions = subjects.map(askHonesty);
      const known = questions.map(({ key, ids }) => honesties.get(key, ids));
      const step = inSteps(
        job,
        known.map((found) => (found ? 0 : 1)),
      );
      for (const [at, question] of questions.entries()) {
        const mine = step();
        answers.push(known[at] ?? (await honesties.answer(question, mine)));
      }
      return answers;
    },
  };
}

export function askSpace(subject: Subject): Question<Space> {
  const { key, ids, setting } = subject;
  return {
    slot: 'space',
    key,
    ids,
    title: 'Measuring what the space is like',
    kept: spaces,
    run: async (job) => {
      const set = await vectorsOf(setting, ids);
      return (await comparison()).space({ set, options: { metric: setting.metric } }, job);
    },
  };
}

function honestyKey({ key, layout }: MapSubject): string {
  return `${key} ${layout.dimensions} ${numberOf(layout.positions)}`;
}

async function pcaOf(
  { setting, ids, layout }: MapSubject,
  set: VectorSet,
  job: Job,
): Promise<Pick<PaneLayout, 'positions' | 'dimensions'>> {
  const pca = { ...setting, projection: 'pca', dimensions: layout.dimensions } as const;
  return knownLayout(pca, ids) ?? makeLayout(pca, { ids, set }, job);
}

const numbers = new WeakMap<Float32Array, number>();
let last = 0;

/** Tells maps apart: another array, another map. */
function numberOf(positions: Float32Array): number {
  const known = numbers.get(positions) ?? ++last;
  numbers.set(positions, known);
  return known;
}
