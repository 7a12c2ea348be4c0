import type { Level } from './factors.ts';
import type { Scene } from './scene.ts';
import { createStream, noiseAt, streamKey } from './streams.ts';

export const AUDIO_HZ = 8_000;
/** One second. */
export const AUDIO_SAMPLES = 8_000;

/** The room is never silent: root mean square of its noise, in decibels below full scale. */
const NOISE_DECIBELS = -57;
/** A partial above it would be heard as another tone (the sampled sound ends at 4,000 Hz). */
const HIGHEST_HZ = 3_800;
const RELEASE_SAMPLES = 80;

/** What makes a shape's sound its own: how loud which multiples of the pitch are, how a note begins and how it fades. */
interface Timbre {
  /** Multiple of the pitch, amplitude at the beginning, and how often a second it falls to 1/e. */
  readonly partials: readonly (readonly [ratio: number, amplitude: number, decay: number])[];
  readonly attackS: number;
}

const TIMBRES: Readonly<Record<Level<'shape'>, Timbre>> = {
  // A flute: one tone.
  circle: { partials: [[1, 1, 6]], attackS: 0.03 },
  // A clarinet: odd multiples.
  square: {
    partials: [
      [1, 1, 6],
      [3, 0.6, 6],
      [5, 0.45, 6],
      [7, 0.3, 6],
    ],
    attackS: 0.02,
  },
  // A plucked string: all multiples, the high ones gone at once.
  triangle: {
    partials: [
      [1, 1, 9],
      [2, 0.8, 12],
      [3, 0.7, 16],
      [4, 0.6, 20],
      [5, 0.5, 24],
      [6, 0.4, 28],
    ],
    attackS: 0.002,
  },
  // A bell: multiples that are no whole numbers (those of a free bar).
  star: {
    partials: [
      [1, 1, 5],
      [2.76, 0.8, 7],
      [5.4, 0.6, 9],
    ],
    attackS: 0.002,
  },
  // A chord with its fifth.
  cross: {
    partials: [
      [1, 1, 6],
      [1.5, 0.9, 6],
      [2.25, 0.7, 6],
    ],
    attackS: 0.01,
  },
  // An organ: octaves, swelling.
  heart: {
    partials: [
      [0.5, 1, 5],
      [1, 0.9, 5],
      [2, 0.7, 5],
      [4, 0.5, 5],
    ],
    attackS: 0.08,
  },
  // Two tones so close that they beat.
  moon: {
    partials: [
      [1, 1, 6],
      [1.07, 1, 6],
    ],
    attackS: 0.04,
  },
  // Hollow: high multiples without the first.
  ring: {
    partials: [
      [3, 0.8, 8],
      [4, 1, 8],
      [5, 1, 8],
      [6, 0.8, 8],
    ],
    attackS: 0.005,
  },
};

/**
 * The sound of the scene: a beat of notes, the shape heard in their timbre, the size in their pitch (large is low), the
 * speed in their number a second, and the loudness in their level.
 *
 * @returns `AUDIO_SAMPLES` samples at `AUDIO_HZ`, in −1..1
 */
export function renderAudio(scene: Scene): Float32Array<ArrayBuffer> {
  const { seed, index, levels, exact } = scene;
  const random = createStream(seed, index, 'audio');
  const samples = new Float32Array(AUDIO_SAMPLES);
  const period = AUDIO_HZ / exact.beatHz;
  const timbre = TIMBRES[levels.shape];
  // The second begins amid a note, so that the first beat's place is no signal.
  for (let start = -period * random(); start < AUDIO_SAMPLES; start += period) {
    const phase = 2 * Math.PI * random();
    addNote(samples, Math.round(start), Math.round(start + period), timbre, exact.pitchHz, phase);
  }
  fadeEnds(samples);
  let power = 0;
  for (let i = 0; i < AUDIO_SAMPLES; i++) power += (samples[i] ?? 0) ** 2;
  const gain = 10 ** (exact.decibels / 20) / Math.sqrt(power / AUDIO_SAMPLES);
  const noise = 10 ** (NOISE_DECIBELS / 20);
  const key = streamKey(seed, index, 'audio');
  for (let i = 0; i < AUDIO_SAMPLES; i++) {
    const sample = (samples[i] ?? 0) * gain + noise * noiseAt(key, i);
    samples[i] = Math.min(1, Math.max(-1, sample));
  }
  return samples;
}

/** Without it, a note that is cut would click. */
function fadeEnds(samples: Float32Array): void {
  for (let i = 0; i < FADE_SAMPLES; i++) {
    const share = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / FADE_SAMPLES);
    const end = samples.length - 1 - i;
    samples[i] = (samples[i] ?? 0) * share;
    samples[end] = (samples[end] ?? 0) * share;
  }
}

const FADE_SAMPLES = 240;

/** Each partial is a pointer that turns and shrinks a little with every sample: two products instead of a sine. */
function addNote(
  samples: Float32Array,
  start: number,
  end: number,
  { partials, attackS }: Timbre,
  pitchHz: number,
  phase: number,
): void {
  const first = Math.max(0, start);
  const count = Math.min(end, AUDIO_SAMPLES) - first;
  const note = new Float64Array(Math.max(0, count));
  partials.forEach(([ratio, amplitude, decay], order) => {
    if (ratio * pitchHz > HIGHEST_HZ) return;
    const shrink = Math.exp(-decay / AUDIO_HZ);
    const turn = (2 * Math.PI * ratio * pitchHz) / AUDIO_HZ;
    const cos = shrink * Math.cos(turn);
    const sin = shrink * Math.sin(turn);
    const missed = first - start;
    const begin = amplitude * shrink ** missed;
    // Partials that began together would add up to a peak; these angles spread it (Schroeder 1970).
    const angle = phase * ratio + (Math.PI * order ** 2) / partials.length + turn * missed;
    let x = begin * Math.cos(angle);
    let y = begin * Math.sin(angle);
    for (let i = 0; i < count; i++) {
      note[i] = (note[i] ?? 0) + y;
      const next = x * cos - y * sin;
      y = x * sin + y * cos;
      x = next;
    }
  });
  const attack = Math.max(1, attackS * AUDIO_HZ);
  for (let i = 0; i < count; i++) {
    const rise = Math.min(1, (first - start + i) / attack);
    const fall = Math.min(1, (end - first - i) / RELEASE_SAMPLES);
    samples[first + i] = rise * fall * (note[i] ?? 0);
  }
}
