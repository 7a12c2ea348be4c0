import { engine, setBackend } from '@tensorflow/tfjs-core';
import { type BackendName, startBackend } from '../../models/backend.ts';
import { createLearner } from '../training/create-learner.ts';
import { defaultsOf } from '../training/recipes.ts';
import type { RunSettings } from '../training/settings.ts';

export interface GradientCheck {
  readonly isRight: boolean;
  /** Largest deviation of a gradient from the CPU's, as a share of the largest gradient of its parameter, or of a thousandth of the largest of all. */
  readonly deviation: number;
  readonly allowed: number;
  /** The parameter that deviates most. */
  readonly parameter: string;
}

// Right ones deviated by up to 5.4e-4 (docs/lab-trainer.md): sums in another order, next to a gradient that is zero but for rounding, that of a bias
// before a batch normalization. A kernel that is off by a hundredth deviates by 3e-3 and more.
const ALLOWED = 1e-3;

/**
 * Takes one step of a tiny model of the same recipe on the backend that is set and on the CPU, and compares their gradients.
 * The backend is set again afterwards.
 */
export async function checkGradients(
  backend: BackendName,
  settings: RunSettings,
): Promise<GradientCheck | undefined> {
  if (backend === 'cpu') return undefined;
  const tiny: RunSettings = {
    ...defaultsOf(settings.recipe),
    ...{
      modalities: settings.modalities,
      batchSize: 6,
      side: 16,
      size: 0.125,
      width: 8,
      steps: 1,
      warmupSteps: 0,
    },
    ...(settings.headWidth > 0 && { headWidth: 8 }),
  };
  const found = await gradientsOf(tiny);
  try {
    await startBackend('cpu');
    return compare(found, await gradientsOf(tiny));
  } finally {
    engine().removeBackend('cpu');
    await setBackend(backend);
  }
}

type Gradients = ReadonlyMap<string, Float32Array>;

/** AdamW's first moments after one step are the gradients, (1 − β₁) times. */
async function gradientsOf(settings: RunSettings): Promise<Gradients> {
  const learner = createLearner(settings);
  try {
    await learner.step();
    const { optimizer } = await learner.exportState();
    return new Map([...optimizer.moments].map(([name, { first }]) => [name, first] as const));
  } finally {
    learner.dispose();
  }
}

/** Exported for its test. */
export function compare(found: Gradients, wanted: Gradients): GradientCheck {
  const peaks = new Map([...wanted].map(([name, values]) => [name, peakOf(values)] as const));
  const floor = Math.max(...peaks.values(), 1e-12) / 1000;
  let worst = { deviation: 0, parameter: '' };
  for (const [name, values] of wanted) {
    const own = found.get(name);
    const scale = Math.max(peaks.get(name) ?? 0, floor);
    for (let at = 0; at < values.length; at++) {
      const off = Math.abs((own?.[at] ?? Number.NaN) - (values[at] ?? 0)) / scale;
      const deviation = Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
      if (deviation > worst.deviation) worst = { deviation, parameter: name };
    }
  }
  return { ...worst, isRight: worst.deviation <= ALLOWED, allowed: ALLOWED };
}

function peakOf(values: Float32Array): number {
  let peak = 0;
  for (const value of values) peak = Math.max(peak, Math.abs(value));
  return peak;
}
