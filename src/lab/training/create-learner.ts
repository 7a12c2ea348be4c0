import {
  concat1d,
  type Rank,
  reshape,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tensor,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { type Source, world } from '../data/source.ts';
import { objectives } from '../objectives/catalogue.ts';
import { differentiate } from '../objectives/differentiate.ts';
import { type Learned, learn } from '../objectives/learned.ts';
import { AdamW, type Trained } from '../optimizer/adam-w.ts';
import { learningRate } from '../optimizer/schedule.ts';
import type { Modality } from '../world/factors.ts';
import { createStream } from '../world/streams.ts';
import { type Batch, type DrawnView, drawBatch, drawView } from './batches.ts';
import { checkSettings } from './check-settings.ts';
import { imageScale } from './input-sizes.ts';
import { load, loadItems, loadViews, viewOf } from './inputs.ts';
import { unlessGivenUp } from './interrupt.ts';
import type { Learner, LearnerState, Rows, StepNumbers } from './learner.ts';
import { type Inputs, lossOf, type Model } from './losses.ts';
import { createNetwork, type Network } from './networks.ts';
import { recipes } from './recipes.ts';
import type { RunSettings } from './settings.ts';
import { type Stage, stagesOf } from './stages.ts';

/**
 * A model that is trained by a recipe, on the backend that is set. Whoever calls it has given tfjs its gradients
 * (`objectives/gradients.ts`; under Node `@tensorflow/tfjs`).
 *
 * @param source what it learns from; the made-up world unless told
 * @throws {RangeError} when a setting is out of its range
 */
export function createLearner(settings: RunSettings): Learner;
export function createLearner<Item>(settings: RunSettings, source: Source<Item>): Learner<Item>;
export function createLearner<Item>(settings: RunSettings, source?: Source<Item>): Learner<Item> | Learner {
  checkSettings(settings);
  return source ? new Run(settings, source) : new Run(settings, world);
}

// Items that are embedded at once: their inner tensors are some tens of MB.
const PIECE = 128;

interface Kept {
  readonly name: string;
  readonly values: Variable;
}

/** What moves the parameters of a stage. */
interface Mover {
  readonly stage: Stage;
  readonly variables: readonly Variable[];
  readonly optimizer: AdamW;
}

class Run<Item> implements Learner<Item> {
  readonly settings: RunSettings;
  readonly #source: Source<Item>;
  readonly #networks: ReadonlyMap<Modality, Network>;
  /** By its id in the catalogue. */
  readonly #learned: ReadonlyMap<string, Learned>;
  readonly #model: Model;
  readonly #stages: readonly Stage[];
  #mover: Mover;
  #steps = 0;
  /** Drawn while the backend was at the step before. */
  #ahead: Batch | undefined;

  constructor(settings: RunSettings, source: Source<Item>) {
    this.settings = settings;
    this.#source = source;
    this.#networks = new Map(
      settings.modalities.map((modality) => [modality, createNetwork(settings, modality)] as const),
    );
    const { learned } = objectives[recipes[settings.recipe].objective];
    this.#learned = new Map(
      learned.map((number) => {
        const given = settings.objective[number.id];
        const begins = typeof given === 'number' ? { ...number, initial: given } : number;
        return [number.id, learn(`objective.${number.id}`, begins)];
      }),
    );
    const scalars = new Map<string, Scalar>();
    for (const [id, { values }] of this.#learned) scalars.set(id, values);
    this.#model = { settings, networks: this.#networks, learned: scalars };
    this.#stages = stagesOf(settings);
    this.#mover = this.#createMover(this.#stageOf(0));
  }

  get steps(): number {
    return this.#steps;
  }

  step(): Promise<StepNumbers>;
  step(isUnwanted: (() => boolean) | undefined): Promise<StepNumbers | undefined>;
  async step(isUnwanted?: () => boolean): Promise<StepNumbers | undefined> {
    const at = this.#steps;
    if (at >= this.settings.steps) throw new RangeError(`The run’s ${this.settings.steps} steps are taken.`);
    const stage = this.#stageOf(at);
    if (this.#mover.stage !== stage) {
      const mover = this.#createMover(stage);
      this.#mover.optimizer.dispose();
      this.#mover = mover;
    }
    const { warmupSteps, rate: peak } = this.settings;
    const totalSteps = stage.to - stage.from;
    const rate = learningRate(at - stage.from, {
      ...{ peak, totalSteps, warmupSteps: Math.min(warmupSteps, totalSteps) },
    });
    const batch =
      this.#ahead?.step === at
        ? this.#ahead
        : drawBatch(this.#source, this.settings, at, stage.draws, isUnwanted);
    // Kept, for a step that is given up is taken again.
    this.#ahead = batch;
    const moved = batch && this.#move(stage, batch, rate, isUnwanted);
    if (!moved) return undefined;
    const { read, names, weights } = moved;
    this.#steps = at + 1;
    this.#ahead =
      at + 1 < this.settings.steps
        ? drawBatch(this.#source, this.settings, at + 1, this.#stageOf(at + 1).draws, isUnwanted)
        : undefined;
    const values = await read.data<'float32'>();
    read.dispose();
    const [total = Number.NaN, ...rest] = values;
    const value = (index: number): number => rest[index] ?? Number.NaN;
    const terms = names.slice(1);
    return {
      ...{ step: at + 1, rate, total, weights },
      terms: Object.fromEntries(terms.map((name, index) => [name, value(index)])),
      learned: Object.fromEntries(
        [...this.#learned.keys()].map((id, index) => [id, value(terms.length + index)]),
      ),
    };
  }

  embed(modality: Modality, items: readonly Item[], of?: 'embedding' | 'projection' | 'view'): Promise<Rows>;
  embed(
    modality: Modality,
    items: readonly Item[],
    of: 'embedding' | 'projection' | 'view',
    isUnwanted: (() => boolean) | undefined,
  ): Promise<Rows | undefined>;
  async embed(
    modality: Modality,
    items: readonly Item[],
    of: 'embedding' | 'projection' | 'view' = 'embedding',
    isUnwanted?: () => boolean,
  ): Promise<Rows | undefined> {
    const network = this.#networks.get(modality);
    if (!network) {
      throw new RangeError(
        `The run has learned nothing of ${modality}. It has ${this.settings.modalities.join(', ')}.`,
      );
    }
    const { encoder, head } = network;
    const through = of === 'embedding' ? undefined : head;
    const width = through?.width ?? encoder.width;
    const values = new Float32Array(items.length * width);
    for (let from = 0; from < items.length; from += PIECE) {
      if (isUnwanted?.()) return undefined;
      const piece = items.slice(from, from + PIECE);
      const rendered = this.#source.render(this.settings, modality, piece);
      const view = of === 'view' ? this.#drawView(modality, from, piece.length) : undefined;
      const embedded = unlessGivenUp(isUnwanted, () =>
        tidy(() => {
          const loaded = load(rendered);
          const made = encoder.encode(
            view ? viewOf(modality, loaded, view, imageScale(this.settings)) : loaded,
          );
          return through ? through.project(made, false) : made;
        }),
      );
      if (!embedded) return undefined;
      const { made: rows } = embedded;
      values.set(await rows.data<'float32'>(), from * width);
      rows.dispose();
    }
    return { values, count: items.length, width };
  }

  async exportState(): Promise<LearnerState> {
    const { settings } = this;
    const step = this.#steps;
    const [optimizer, ...read] = await Promise.all([
      this.#mover.optimizer.exportState(),
      ...this.#kept().map(
        async ({ name, values }) =>
          // A copy: on the CPU the numbers are the variable's own.
          [name, { shape: values.shape, values: Float32Array.from(await values.data<'float32'>()) }] as const,
      ),
    ]);
    return { settings, step, parameters: new Map(read), optimizer };
  }

  importState({ settings, step, parameters, optimizer }: LearnerState): void {
    const { recipe, steps } = this.settings;
    if (settings.recipe !== recipe) {
      throw new RangeError(`The state is of the recipe ${settings.recipe}, and this run’s is ${recipe}.`);
    }
    if (!Number.isInteger(step) || step < 0 || step > steps) {
      throw new RangeError(`The state is after ${step} steps, and this run has ${steps}.`);
    }
    const kept = this.#kept();
    const strange = [...parameters.keys()].find((name) => kept.every((own) => own.name !== name));
    if (strange !== undefined)
      throw new RangeError(`The state is of another model: this one has no ${strange}.`);
    for (const { name, values } of kept) {
      const given = parameters.get(name);
      const isFit = given?.shape.join() === values.shape.join() && given.values.length === values.size;
      if (isFit) continue;
      const found = given ? `is ${given.shape.join(' × ')}` : 'is missing';
      throw new RangeError(
        `The state is of another model: ${name} ${found}, and here is ${values.shape.join(' × ')}.`,
      );
    }
    const mover = this.#createMover(this.#stageOf(Math.max(0, step - 1)));
    try {
      mover.optimizer.importState(optimizer);
    } catch (error) {
      mover.optimizer.dispose();
      throw error;
    }
    for (const { name, values } of kept) {
      const given = parameters.get(name);
      // A copy: on the CPU a tensor keeps the array that it is made of.
      if (given) tidy(() => values.assign(tensor(given.values.slice(), values.shape)));
    }
    this.#mover.optimizer.dispose();
    this.#mover = mover;
    this.#steps = step;
  }

  dispose(): void {
    this.#mover.optimizer.dispose();
    for (const network of this.#networks.values()) network.dispose();
    for (const learned of this.#learned.values()) learned.dispose();
    this.#ahead = undefined;
  }

  /** @param from of the items that are embedded, the first of this piece */
  #drawView(modality: Modality, from: number, count: number): DrawnView {
    const { recipe, seed } = this.settings;
    if (recipes[recipe].data !== 'views') throw new RangeError(`The recipe ${recipe} learns from no views.`);
    return drawView(createStream(seed + 0.5, from, 'views'), modality, count, this.settings);
  }

  #kept(): Kept[] {
    return [...[...this.#networks.values()].flatMap(({ kept }) => kept), ...this.#learned.values()];
  }

  #stageOf(step: number): Stage {
    const stage = this.#stages.find(({ to }) => step < to) ?? this.#stages.at(-1);
    if (!stage) throw new Error('A run has at least one stage.');
    return stage;
  }

  #createMover(stage: Stage): Mover {
    const trained: Trained[] = [
      ...stage.trains.flatMap((modality) => this.#networks.get(modality)?.parameters ?? []),
      ...(stage.learns ? this.#learned.values() : []),
    ];
    const optimizer = new AdamW(trained, this.settings.optimizer);
    return { stage, optimizer, variables: trained.map(({ values }) => values) };
  }

  /** @returns one tensor of total, terms and learned numbers, the caller's to dispose of; undefined when it was given up before anything moved */
  #move(stage: Stage, batch: Batch, rate: number, isUnwanted: (() => boolean) | undefined) {
    const { optimizer, variables } = this.#mover;
    const told: { names: readonly string[]; weights: StepNumbers['weights'] } = { names: [], weights: {} };
    const read = tidy(() => {
      const slopes = unlessGivenUp(isUnwanted, () => {
        const inputs = this.#inputs(stage, batch);
        return differentiate(() => lossOf(this.#model, inputs), variables);
      });
      if (!slopes) {
        for (const { head } of this.#networks.values()) head?.forget();
        return undefined;
      }
      const { made } = slopes;
      told.names = made.names;
      told.weights = made.weights;
      optimizer.step(made.gradients, rate);
      for (const learned of this.#learned.values()) learned.clamp();
      for (const { head } of this.#networks.values()) head?.settle();
      const learned = [...this.#learned.values()].map(({ values }) => reshape<Rank.R1>(values, [1]));
      return concat1d([made.values, ...learned]);
    });
    return read && { read, ...told };
  }

  #inputs({ draws, frozen }: Stage, batch: Batch): Inputs {
    const items = new Map<Modality, readonly Tensor[]>();
    const embedded = new Map<Modality, Tensor2D>();
    const isOfViews = recipes[this.settings.recipe].data === 'views';
    for (const modality of draws) {
      const network = this.#networks.get(modality);
      if (network && frozen.includes(modality)) {
        const rows = network.encoder.encode(loadItems(batch, modality));
        embedded.set(modality, network.head ? network.head.project(rows, false) : rows);
      } else if (isOfViews) items.set(modality, loadViews(batch, modality, imageScale(this.settings)));
      else items.set(modality, [loadItems(batch, modality)]);
    }
    return { items, frozen: embedded, labels: batch.labels };
  }
}
