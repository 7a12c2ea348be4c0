// A page that answers within this seems to answer at once; a frame is 16 ms.
const SLICE_MS = 10;

/**
 * For long work on the page's own thread: `turn()` between steps lets the page handle input and paint when enough time has
 * passed, and costs nothing otherwise. It throws when the signal says so.
 */
export function makeTurns(signal?: AbortSignal): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    signal?.throwIfAborted();
    if (performance.now() - last < SLICE_MS) return undefined;
    return nextTask().then(() => {
      last = performance.now();
    });
  };
}

/** After whatever is waiting; unlike a timer it is not slowed down when called often. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
