/** The one file of a model that a person writes by hand. */
const OWN_SETTINGS = 'nearfield.json';

/** What is wrong with a model's file other than its weights: which file, what in it, and what to do. */
export class InvalidModelFile extends Error {
  override readonly name = 'InvalidModelFile';
  /** As it is named in the model's folder. */
  readonly file: string;

  constructor(file: string, what: string) {
    super(
      file === OWN_SETTINGS
        ? `${file} cannot be used: ${what}. Correct it, or leave it out, and give the files again.`
        : `${file} is not that of a model which can be run here: ${what}. Get the file anew, or choose another model.`,
    );
    this.file = file;
  }
}

/** What was asked for is no model that can be used: no such repository id, files that are missing, or of kinds that are not read. */
export class UnusableModel extends Error {
  override readonly name = 'UnusableModel';
}

/** A picture was given to a model that only reads texts, or the other way round. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';

  constructor(model: string, kind: 'pictures' | 'texts') {
    const other = kind === 'pictures' ? 'texts' : 'pictures';
    super(`${model} takes ${other} only, no ${kind}. Choose a model that takes ${kind} (Models, key m).`);
  }
}

/** A network made something of a thing that is no vector: NaN or infinity is in it. */
export class NotFinite extends Error {
  override readonly name = 'NotFinite';
  /** The model, or its output. */
  readonly source: string;

  constructor(source: string) {
    super(
      `${source} gives numbers that are no numbers (NaN or infinity). Try it on another backend (Models, key m), or choose another model.`,
    );
    this.source = source;
  }
}

/** Token ids that a network cannot read: none, too many, without their end, or not of its vocabulary. */
export class UnfitTokens extends RangeError {
  override readonly name = 'UnfitTokens';
}
