export interface Once<T> {
  (): Promise<T>;
  /** What was opened, or is being opened; undefined where nothing has asked for it yet. */
  current(): Promise<T> | undefined;
  /** From now on this is what every caller gets. */
  set(value: T): void;
  reset(): void;
}

/** Runs `open` at the first call and gives every caller the same promise; a failure is forgotten, so that the next call tries again. */
export function once<T>(open: () => Promise<T>): Once<T> {
  let opened: Promise<T> | undefined;
  const get = () => {
    if (opened) return opened;
    const mine = open().catch((error: unknown) => {
      if (opened === mine) opened = undefined;
      throw error;
    });
    opened = mine;
    return mine;
  };
  return Object.assign(get, {
    current: () => opened,
    set(value: T) {
      opened = Promise.resolve(value);
    },
    reset() {
      opened = undefined;
    },
  });
}
