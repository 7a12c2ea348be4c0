/** The id of the model that ships with the page. */
export const EMBEDDED = 'embedded';

/** A stored model that is used instead of the embedded one. */
export interface ModelChoice {
  /** By which the store knows it. */
  readonly id: string;
  /** What its embeddings are kept under in the library. */
  readonly key: string;
  /** Of its vectors, in every space. */
  readonly dimension: number;
}

const KEY = 'nearfield-model';

/** What was chosen at the last visit; undefined for the embedded model. */
export function rememberedModel(): ModelChoice | undefined {
  try {
    const { id, key, dimension }: Partial<Record<string, unknown>> = JSON.parse(
      localStorage.getItem(KEY) ?? '{}',
    );
    if (typeof id !== 'string' || typeof key !== 'string' || typeof dimension !== 'number') return undefined;
    return { id, key, dimension };
  } catch {
    // A page that is given no storage, or what is there is not from this page.
    return undefined;
  }
}

export function rememberModel(choice: ModelChoice | undefined): void {
  try {
    if (choice) localStorage.setItem(KEY, JSON.stringify(choice));
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}
