/** What is wrong with a file of weights: which file, which tensor, and what to do about it. */
export class InvalidWeights extends Error {
  override readonly name = 'InvalidWeights';
  /** As the source calls it. */
  readonly file: string;
  /** The tensor at fault, where one is. */
  readonly tensor: string | undefined;

  constructor(file: string, what: string, remedy: string, tensor?: string) {
    super(`${file} cannot be used as weights: ${what}. ${remedy}`);
    this.file = file;
    this.tensor = tensor;
  }
}

/** What a person can do about a file whose bytes are not what its header says. */
export const GET_ANEW =
  'It was cut off, damaged or made by a faulty tool; get it anew, or choose another model.';

/** A name from an untrusted file, short enough for a message and without characters that would garble it. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
