/** The browser's storage has no room for a model. What is stored stays. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';

  constructor(what: string, needed?: number, free?: number) {
    const wanted = needed === undefined ? '' : ` (${megabytes(needed)} needed)`;
    const left = free === undefined ? '' : ` ${megabytes(free)} are left to this page.`;
    super(
      `The browser's storage has no room for ${what}${wanted}.${left} Delete models that you no longer use, or free disk space, and try again.`,
    );
  }
}

/** A model is being stored or converted already. */
export class ModelBusy extends Error {
  override readonly name = 'ModelBusy';

  constructor(id: string) {
    super(
      `${id} is being loaded or converted already, perhaps in another tab. Wait until that has ended, or stop it there.`,
    );
  }
}

/** The browser's storage does not do what it should. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';

  constructor(what: string, cause: unknown) {
    const reason = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
    super(
      `${what}${reason}. The browser may have cleared its storage; reload the page and load the model again.`,
      {
        cause,
      },
    );
  }
}

/** For a model that is to be finished without this file. */
export function incomplete(path: string): StoreFault {
  return new StoreFault(`${path} is not complete`, undefined);
}

/** What a failing write means: a full disk and a used-up quota have one name. */
export function writeFault(error: unknown, path: string): Error {
  if (error instanceof StoreFull) return error;
  // Newer browsers have a class of its own for it, with the same name.
  if (error instanceof Error && error.name === 'QuotaExceededError') return new StoreFull(path);
  return new StoreFault(`${path} could not be stored`, error);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
