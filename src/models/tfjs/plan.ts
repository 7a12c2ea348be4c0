/** What of a network is its picture, and what its embedding. */
import { InvalidModelFile } from '../errors.ts';
import { MAX_SIDE, type TfjsSettings } from './settings.ts';

/** Of a tensor; null where a side may be any. */
export type Shape = readonly (number | null)[];

/** An input as the network declares it. */
export interface DeclaredInput {
  readonly name: string;
  /** Undefined where the network does not say. */
  readonly shape: Shape | undefined;
  readonly dtype: string;
}

/** The pictures that a network takes: n × height × width × channels. */
export interface PictureInput {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Pictures it takes at once; undefined where any number. */
  readonly batch: number | undefined;
  /** True where it takes whole numbers, and so bytes. */
  readonly isWhole: boolean;
}

/** An output as a first run gave it. */
export interface FoundOutput {
  readonly name: string;
  /** The names that its maker gave it. */
  readonly hints: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Of the pictures that a network takes at once: 200 MB as it takes them, 334 pictures of 224 × 224. */
const MOST_PIXELS = 2 ** 24;

const DEFAULT_SIDE = 224;
/** Longer rows are no embedding but a picture in numbers. */
const MAX_DIMENSION = 2 ** 16;

const WANTED =
  'One input is needed that takes pictures: [n, height, width, 3] or, in gray, [n, height, width, 1]';

/**
 * The one input that takes pictures.
 *
 * @throws {InvalidModelFile} saying what the network takes instead
 */
export function pictureInput(
  inputs: readonly DeclaredInput[],
  { size }: Pick<TfjsSettings, 'size'>,
  file: string,
): PictureInput {
  const [input, ...others] = inputs;
  const refuse = (why: string) => new InvalidModelFile(file, `${why}. ${WANTED}`);
  if (!input) throw refuse('it takes nothing');
  if (others.length > 0) throw refuse(`it takes ${inputs.length} things: ${inputs.map(describe).join(', ')}`);
  const { name, shape = [null, null, null, null], dtype } = input;
  const [batch, height, width, depth] = shape;
  const takes = `it takes ${describe(input)}`;
  if (dtype !== 'float32' && dtype !== 'int32') throw refuse(takes);
  if (shape.length !== 4) throw refuse(takes);
  if (depth !== 1 && depth !== 3 && depth !== null) {
    throw refuse(height === 3 || height === 1 ? `${takes}, with its channels first` : takes);
  }
  const side = (of: number | null | undefined) => of ?? size ?? DEFAULT_SIDE;
  const [tall, wide] = [side(height), side(width)];
  if (!(tall >= 1 && tall <= MAX_SIDE && wide >= 1 && wide <= MAX_SIDE && (batch ?? 1) >= 1))
    throw refuse(takes);
  if ((batch ?? 1) * tall * wide > MOST_PIXELS)
    throw new InvalidModelFile(file, `${takes}, more pictures at once than can be held`);
  return {
    name,
    width: wide,
    height: tall,
    channels: depth === 1 ? 1 : 3,
    batch: batch ?? undefined,
    isWhole: dtype === 'int32',
  };
}

/**
 * The output that is the embedding: one that its maker calls so before others, one that is called a classifier's last; a row of numbers
 * a picture before a map of them, and of like ones the last.
 *
 * @param rows pictures in the run that gave these outputs
 * @throws {InvalidModelFile} when none has numbers a picture
 */
export function embeddingAmong(outputs: readonly FoundOutput[], rows: number, file: string): FoundOutput {
  const ranked = outputs
    .filter(
      ({ shape, dtype }) => dtype === 'float32' && shape[0] === rows && dimensionOf(shape) !== undefined,
    )
    .map((output, at) => ({ output, worth: [nameWorth(output.hints), rankWorth(output.shape), at] }))
    .sort((a, b) => b.worth.reduce((order, worth, i) => order || worth - (a.worth[i] ?? 0), 0));
  const [best] = ranked;
  if (best) return best.output;
  const found = outputs
    .map(({ name, shape, dtype }) => `"${name}" [${shape.join(', ')}] ${dtype}`)
    .join(', ');
  throw new InvalidModelFile(
    file,
    `it gives ${found === '' ? 'nothing' : found} for ${rows === 1 ? 'a picture' : `${rows} pictures`}, and two or more numbers a picture are needed`,
  );
}

/** Numbers a picture, once maps and tokens are averaged; undefined for what is no embedding. */
export function dimensionOf(shape: readonly number[]): number | undefined {
  const last = shape.at(-1) ?? 0;
  return shape.length >= 2 && shape.length <= 4 && last >= 2 && last <= MAX_DIMENSION ? last : undefined;
}

function nameWorth(hints: string): number {
  if (/logit|predict|prob|softmax|class/i.test(hints)) return 0;
  return /embed|feature|pool/i.test(hints) ? 2 : 1;
}

function rankWorth(shape: readonly number[]): number {
  if (shape.length === 2) return 2;
  return shape.length === 4 ? 1 : 0;
}

function describe({ name, shape, dtype }: DeclaredInput): string {
  const sides = shape?.map((side, at) => side ?? (at === 0 ? 'n' : 'any')).join(', ');
  return `"${name}" (${dtype}${sides === undefined ? '' : ` [${sides}]`})`;
}
