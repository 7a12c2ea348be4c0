/** Runs that were trained by a script and kept, to be played where there is no time or GPU to train. */
import { z } from 'zod';
import { sourceOfBytes } from '../../models/weights/byte-source.ts';
import type { Checkpoint } from '../../models/weights/checkpoint.ts';
import { readSafetensors } from '../../models/weights/safetensors.ts';
import { type NewTensor, writeSafetensors } from '../../models/weights/write.ts';
import type { ProbeReport } from '../probes/report.ts';
import type { Rows, StepNumbers } from '../training/learner.ts';
import type { RunSettings } from '../training/settings.ts';
import { MODALITIES, type Modality } from '../world/factors.ts';

type RowsOf = Readonly<Partial<Record<Modality, Rows>>>;

/** The held-out scenes' embeddings after a step, and what the probes found of them. */
export interface Frame {
  readonly step: number;
  readonly rows: RowsOf;
  readonly projections: RowsOf;
  /** Of a view of each scene, where views are learned from. */
  readonly views: RowsOf;
  readonly report: ProbeReport;
}

export interface Recording {
  readonly settings: RunSettings;
  /** Where and when it was trained, as people read it. */
  readonly made: string;
  readonly steps: readonly StepNumbers[];
  /** By step. */
  readonly frames: readonly Frame[];
}

const VERSION = '1';

/** The file is not a recording that this page can play. */
export class UnfitRecording extends Error {
  override readonly name = 'UnfitRecording';
}

/**
 * As a safetensors file: a tensor of int8 a modality and kind (frames × scenes × width, value = int8 × scale, a scale a frame and scene),
 * all else as JSON in its metadata. Embeddings are compared by direction, and int8 turns them by half a degree at most.
 */
export async function writeRecording({
  settings,
  made,
  steps,
  frames,
}: Recording): Promise<Uint8Array<ArrayBuffer>> {
  const tensors = KINDS.flatMap((kind) =>
    MODALITIES.flatMap((modality) => {
      const all = frames.flatMap((frame) => frame[kind][modality] ?? []);
      return all.length === frames.length ? quantize(`${kind}.${modality}`, all) : [];
    }),
  );
  const metadata = {
    nearfieldRecording: VERSION,
    settings: JSON.stringify(settings),
    made,
    steps: toJson(steps),
    frames: toJson(frames.map(({ step, report }) => ({ step, report }))),
  };
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeSafetensors(tensors, metadata)) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

const KINDS = ['rows', 'projections', 'views'] as const;

const framesSchema = z.array(z.object({ step: z.number(), report: z.custom<ProbeReport>() }));
const stepsSchema = z.array(z.custom<StepNumbers>());
const settingsSchema = z.custom<RunSettings>((value) => typeof value === 'object' && value !== null);

/** @throws {UnfitRecording} when it is none, or of another version */
export async function readRecording(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Recording> {
  try {
    const file = await readSafetensors(sourceOfBytes(bytes, name));
    const text = (key: string): string => file.metadata.get(key) ?? 'null';
    if (text('nearfieldRecording') !== VERSION) throw new Error('it is none, or of another version');
    const found = framesSchema.parse(JSON.parse(text('frames'), reviveNumbers));
    const read = {
      rows: await readRows(file, 'rows'),
      projections: await readRows(file, 'projections'),
      views: await readRows(file, 'views'),
    };
    return {
      settings: settingsSchema.parse(JSON.parse(text('settings'))),
      made: text('made'),
      steps: stepsSchema.parse(JSON.parse(text('steps'))),
      frames: found.map(({ step, report }, at) => ({
        ...{ step, report },
        rows: rowsAt(read.rows, at),
        projections: rowsAt(read.projections, at),
        views: rowsAt(read.views, at),
      })),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnfitRecording(`${name} cannot be played: ${reason}. Reload the page to get it anew.`, {
      cause: error,
    });
  }
}

const LARGEST = 127;

function quantize(name: string, all: readonly Rows[]): NewTensor[] {
  const [{ count, width } = { count: 0, width: 0 }] = all;
  const values = new Int8Array(all.length * count * width);
  const scales = new Float32Array(all.length * count);
  all.forEach((rows, frame) => {
    for (let row = 0; row < count; row++) {
      const own = rows.values.subarray(row * width, (row + 1) * width);
      let peak = 0;
      for (const value of own) peak = Math.max(peak, Math.abs(value));
      const at = frame * count + row;
      const scale = peak / LARGEST;
      scales[at] = scale;
      if (scale > 0)
        values.set(
          Int8Array.from(own, (value) => Math.round(value / scale)),
          at * width,
        );
    }
  });
  return [
    {
      name,
      dtype: 'I8',
      shape: [all.length * count, width],
      bytes: async () => new Uint8Array(values.buffer),
    },
    {
      name: `${name}_scale`,
      dtype: 'F32',
      shape: [all.length * count],
      bytes: async () => new Uint8Array(scales.buffer),
    },
    {
      name: `${name}_shape`,
      dtype: 'I32',
      shape: [3],
      bytes: async () => new Uint8Array(Int32Array.of(all.length, count, width).buffer),
    },
  ];
}

type FramesOf = ReadonlyMap<Modality, readonly Rows[]>;

async function readRows(file: Checkpoint, kind: (typeof KINDS)[number]): Promise<FramesOf> {
  const found = new Map<Modality, readonly Rows[]>();
  for (const modality of MODALITIES) {
    const name = `${kind}.${modality}`;
    if (!file.has(name)) continue;
    const [frames = 0, count = 0, width = 0] = await file.integers(`${name}_shape`, [3]);
    const values = await file.floats(name, [frames * count, width]);
    const size = count * width;
    found.set(
      modality,
      Array.from({ length: frames }, (_, at) => ({
        values: values.slice(at * size, (at + 1) * size),
        count,
        width,
      })),
    );
  }
  return found;
}

function rowsAt(frames: FramesOf, at: number): RowsOf {
  const rows: Partial<Record<Modality, Rows>> = {};
  for (const [modality, all] of frames) {
    const here = all[at];
    if (here) rows[modality] = here;
  }
  return rows;
}

/** Four digits of every number: more is nothing that anyone sees. What is a typed array in a report is marked as one. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Float64Array) return { [FLOAT64]: [...each] };
    return typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(4)) : each;
  });
}

const FLOAT64 = 'float64';
const markedSchema = z.strictObject({ [FLOAT64]: z.array(z.number()) });

function reviveNumbers(_: string, value: unknown): unknown {
  const marked = markedSchema.safeParse(value);
  return marked.success ? Float64Array.from(marked.data[FLOAT64]) : value;
}
