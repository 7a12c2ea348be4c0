import { afterEach, beforeEach, expect, it } from 'vitest';
import { startProbing } from '../../src/app/lab/probing.ts';
import {
  type LabRun,
  NO_CURVES,
  NO_PROBES,
  readLab,
  type Snapshot,
  useLab,
  writeLab,
  writeRun,
} from '../../src/app/lab/state.ts';
import type { ProbeReport } from '../../src/lab/probes/report.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import { createRandom } from '../../src/projection/random.ts';

const COUNT = 60;
const settings = { ...defaultsOf('clip'), side: 16 };
const run: LabRun = {
  id: 1,
  settings,
  status: { type: 'running' },
  backend: 'cpu',
  step: 0,
  pace: undefined,
  curves: NO_CURVES,
  weights: {},
  snapshot: undefined,
  probes: NO_PROBES,
  recorded: undefined,
};

function snapshotAt(step: number): Snapshot {
  const random = createRandom(step + 1);
  const rows = () => ({
    values: Float32Array.from({ length: COUNT * 8 }, () => random() - 0.5),
    count: COUNT,
    width: 8,
  });
  return { step, rows: { image: rows(), text: rows() } };
}

/** Waits for the page's state to be so. */
function until(holds: (run: LabRun) => boolean): Promise<LabRun> {
  return new Promise((resolve) => {
    const look = (): void => {
      const [now] = readLab().runs;
      if (!now || !holds(now)) return;
      unsubscribe();
      resolve(now);
    };
    const unsubscribe = useLab.subscribe(look);
    look();
  });
}

let stop = (): void => {};
beforeEach(() => {
  writeLab({ runs: [run] });
  stop = startProbing();
});
afterEach(() => {
  stop();
  writeLab({ runs: [] });
});

it('measures snapshots as they come, drops those that came while it was busy, and forgets them when a run begins anew', async () => {
  writeRun(1, { snapshot: snapshotAt(0) });
  expect(readLab().runs[0]?.probes.measuring).toBe(0);
  writeRun(1, { snapshot: snapshotAt(5) });
  writeRun(1, { snapshot: snapshotAt(9) });
  const measured = await until(({ probes }) => probes.history.length === 2 && probes.measuring === undefined);
  expect(measured.probes.history.map(({ step }) => step)).toEqual([0, 9]);
  const { latest, raw } = measured.probes;
  expect(latest?.step).toBe(9);
  expect(latest?.report.retrieval.map(({ from, to, mark }) => [from, to, mark])).toEqual([
    ['image', 'text', 'trained'],
    ['text', 'image', 'trained'],
  ]);
  // Raw pixels and words tell more than random numbers: the color of a caption is one of its words.
  expect(raw?.text?.linear.color?.value).toBeGreaterThan(0.5);
  expect(raw?.image?.knn.shape?.n).toBe(COUNT / 2);

  writeRun(1, { snapshot: snapshotAt(3) });
  const anew = await until(({ probes }) => probes.history.length === 1);
  expect(anew.probes.history[0]?.step).toBe(3);
});

it('measures the frame of a recording that is shown, for its matrices, and no other', async () => {
  const report = { pairs: [] } as unknown as ProbeReport;
  const probesAt = (step: number) => ({ ...NO_PROBES, latest: { step, report } });
  const recorded = { ...run, recorded: 'by a script' };
  writeLab({ runs: [{ ...recorded, snapshot: snapshotAt(7), probes: probesAt(7) }] });
  expect(readLab().runs[0]?.probes).toMatchObject({ measuring: 7, latest: { step: 7 } });
  // Another frame before the first one is measured.
  writeRun(1, { snapshot: snapshotAt(3), probes: probesAt(3) });
  const { probes } = await until(({ probes: { history } }) => history.length > 0);
  expect(probes.history.map(({ step }) => step)).toEqual([3]);
  expect(probes.latest?.report.pairs[0]?.correlation?.type).toBe('measured');
});

it('says why embeddings that are not finite have no numbers, and goes on', async () => {
  const broken = snapshotAt(1);
  broken.rows.image?.values.fill(Number.NaN);
  writeRun(1, { snapshot: broken });
  const { probes } = await until(({ probes: { history } }) => history.length === 1);
  expect(probes.latest?.report.spread.image).toMatchObject({ type: 'unfit' });
  expect(probes.latest?.report.spread.text).toMatchObject({ type: 'measured' });
});
