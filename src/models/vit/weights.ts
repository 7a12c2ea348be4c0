/** Puts the tensors of a ViT or a DINOv2 into the shapes that it computes with, and refuses those of another model by name. */
import { tensor3d } from '@tensorflow/tfjs-core';
import type { Job } from '../../common/job.ts';
import { patchesAcross } from '../transformer/config.ts';
import { checkTensors, ExpectedTensors, type TensorSource } from '../transformer/match.ts';
import type { VisionWeights } from '../transformer/vision-tower.ts';
import { type Loaded, loadWeights } from '../transformer/weights.ts';
import { InvalidWeights } from '../weights/errors.ts';
import type { VitConfig } from './config.ts';
import { resizeGrid } from './interpolate.ts';
import { type VitKeys, vitKeys } from './keys.ts';

/**
 * Reads all weights, one tensor at a time. Names and shapes are checked before the first is read.
 *
 * @param side of the pictures that the network is to take; where their patches are more or fewer than there are positions, these are
 *   interpolated
 * @param file what the weights are called in messages
 * @throws {InvalidWeights} naming the tensor that is missing, in excess, or of another shape, with both shapes; what reading throws;
 *   the signal's reason. Nothing is kept then.
 */
export async function readVitWeights(
  source: TensorSource,
  config: VitConfig,
  side: number,
  file: string,
  job: Job,
): Promise<Loaded<VisionWeights>> {
  const { type, activation, width, channels, patch, registers } = config;
  const keys = vitKeys(type, activation === 'swiglu', source.tensors);
  if (!keys)
    throw new InvalidWeights(
      file,
      `it has not the tensors of a "${type}"`,
      'Take the configuration and the weights from the same place.',
    );
  const { shapes } = expectedTensors(keys, config);
  checkTensors(source.tensors, { shapes, layout: type, isIgnored: keys.isIgnored }, file);
  return loadWeights(source, shapes.size, job, async (reader) => {
    const table = await reader.values(keys.positions);
    const classToken = sum(await reader.values(keys.classToken), table.subarray(0, width));
    const start = new Float32Array((1 + registers) * width);
    start.set(classToken);
    if (registers > 0) start.set(await reader.values(keys.registers), width);
    const places = placesFor(table.subarray(width), config, side);
    const positions = sum(places, await reader.values(keys.patchBias));
    return {
      start: reader.keep(tensor3d(start, [1, 1 + registers, width])),
      patches: await reader.filters(keys.patches, width, channels, patch),
      positions: reader.keep(tensor3d(positions, [1, positions.length / width, width])),
      blocks: await reader.blocks(keys.block, config),
      lastNorm: await reader.norm(keys.lastNorm),
    };
  });
}

function expectedTensors(keys: VitKeys, config: VitConfig): ExpectedTensors {
  const { width, channels, patch, registers } = config;
  const expected = new ExpectedTensors();
  expected.add(keys.classToken, 1, 1, width);
  if (registers > 0) expected.add(keys.registers, 1, registers, width);
  expected.add(keys.positions, 1, patchesAcross(config) ** 2 + 1, width);
  expected.add(keys.patches, width, channels, patch, patch);
  expected.add(keys.patchBias, width);
  expected.blocks(keys.block, config);
  expected.norm(keys.lastNorm, width);
  return expected;
}

function placesFor(grid: Float32Array, config: VitConfig, side: number): Float32Array {
  const from = patchesAcross(config);
  const to = patchesAcross({ size: side, patch: config.patch });
  // Transformers averages for the one with registers only.
  return from === to ? grid : resizeGrid(grid, from, to, config.type === 'dinov2_with_registers');
}

/** @param row added to each row of `rows` */
function sum(rows: Float32Array, row: Float32Array): Float32Array {
  return rows.map((value, i) => value + (row[i % row.length] ?? 0));
}
