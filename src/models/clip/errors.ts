/** What is wrong with a file of a CLIP checkpoint other than its weights: which file, what in it, and what to do. */
export class InvalidModelFile extends Error {
  override readonly name = 'InvalidModelFile';
  /** As it is named in the checkpoint. */
  readonly file: string;

  constructor(file: string, what: string) {
    super(
      `${file} is not that of a CLIP which can be run here: ${what}. Get the file anew, or choose another model.`,
    );
    this.file = file;
  }
}
