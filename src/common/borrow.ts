/** Something lent for longer than one call. */
export interface Loan<T> {
  readonly value: T;
  /** Gives it back; resolves when the lender has taken it. */
  release(): Promise<void>;
}

/**
 * Turns a lender that takes a callback into a loan that is given back by hand, for generators.
 *
 * @param lend lends for the time of `use`
 */
export function borrow<T>(lend: (use: (value: T) => Promise<void>) => Promise<void>): Promise<Loan<T>> {
  return new Promise((resolve, reject) => {
    const lent = lend(
      (value) =>
        new Promise((giveBack) => {
          resolve({
            value,
            release() {
              giveBack();
              return lent;
            },
          });
        }),
    );
    // Before the loan this is its failure; after it, whoever releases hears of it.
    lent.catch(reject);
  });
}
