import type { Kernel } from '../gpu/kernel.ts';
import { readBuffer, submit } from '../gpu/submit.ts';
import {
  type Batch,
  chunksOf,
  groupsFor,
  openBatch,
  type Rectangle,
  SEARCH,
  type Work,
} from './binarize-work.ts';
import { floatOfKey } from './float-keys.ts';

// Two bits a step of a key of 32.
const STEPS = 16;
/** How often a search looks at every value. */
export const SEARCH_LOOKS = STEPS + 1;

/**
 * The median of each dimension of a rectangle, from the two middle values (one and the same when their number is odd):
 * NumPy's definition, in float64.
 */
export async function findMedians(work: Work, rectangle: Rectangle): Promise<Float64Array<ArrayBuffer>> {
  const { device, searches, staging } = work;
  const { rows, lanes, dimensions } = rectangle;
  const start = new Uint32Array(lanes * SEARCH.words);
  for (let at = 0; at < start.length; at += SEARCH.words) {
    start.fill(0xffffffff, at + SEARCH.next, at + SEARCH.next + 4);
    start[at + SEARCH.shift] = 30;
  }
  device.queue.writeBuffer(searches, 0, start);
  const choose = {
    kernel: work.chooseDigits,
    uniforms: work.settings,
    values: { lanes, rank: (rows - 1) >>> 1 },
    storage: { searches },
    workgroups: groupsFor(lanes),
  };
  const batch = openBatch(work);
  for (let step = 0; step < STEPS; step++) {
    await lookAtAll(work, rectangle, work.countBelow, batch);
    batch.add(choose, 0);
  }
  await lookAtAll(work, rectangle, work.findNext, batch);
  await batch.flush();
  const bytes = start.byteLength;
  await submit(device, [], [{ from: searches, to: staging, bytes }]);
  return readBuffer(staging, bytes, (memory) => {
    const found = new Uint32Array(memory);
    return Float64Array.from({ length: dimensions }, (_, j) => {
      const at = (j >>> 2) * SEARCH.words + (j & 3);
      const low = found[at + SEARCH.low] ?? 0;
      const isBoth = (found[at + SEARCH.atMost] ?? 0) > rows >>> 1;
      const high = isBoth ? low : (found[at + SEARCH.next] ?? 0);
      return (floatOfKey(low) + floatOfKey(high)) / 2;
    });
  });
}

// Enough to keep a GPU busy; each ends with a dozen atomic additions, so they should have some rows to look at.
const INVOCATIONS = 2 ** 16;
const FEWEST_ROWS = 64;

/** Runs a kernel over all keys of a rectangle. */
async function lookAtAll(work: Work, rectangle: Rectangle, kernel: Kernel, batch: Batch): Promise<void> {
  const { lanes } = rectangle;
  const width = lanes * 4;
  for (const { keys, settings, rows: all } of chunksOf(work, rectangle)) {
    let rows = 0;
    for (let firstRow = 0; firstRow < all; firstRow += rows) {
      if ((all - firstRow) * width > batch.room) await batch.flush();
      rows = Math.min(all - firstRow, Math.max(1, Math.floor(batch.room / width)));
      const stripes = Math.min(Math.ceil(INVOCATIONS / lanes), Math.ceil(rows / FEWEST_ROWS));
      batch.add(
        {
          kernel,
          uniforms: settings,
          values: { firstRow, rows, lanes, stripes },
          storage: { keys, searches: work.searches },
          workgroups: groupsFor(lanes * stripes),
        },
        rows * width,
      );
      // The next one changes the settings, of which a submit knows only the last.
      if (rows < all) await batch.flush();
    }
  }
}
