import { z } from 'zod';
import type { LoadNetwork, ModelFolder } from '../architecture.ts';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';
import { embedPictures, preparationOf } from '../pictures/embed.ts';
import { type Preprocessing, readPreprocessing } from '../pictures/preprocess.ts';
import { patchesAcross } from '../transformer/config.ts';
import { ACTIVATION_BYTES } from '../transformer/towers.ts';
import { VisionTower } from '../transformer/vision-tower.ts';
import { readVitConfig, type VitConfig } from './config.ts';
import { readVitWeights } from './weights.ts';

const FILE = 'preprocessor_config.json';

// Attention grows with the square of it; DINOv2 learned with 1,369 patches at most.
const MOST_PATCHES = 10_000;

/**
 * A ViT or a DINOv2 from the files of its checkpoint. A picture's vector is its class token behind the last layer norm
 * (`last_hidden_state[:, 0]`, which is DINOv2's `pooler_output`), at unit length.
 */
export const loadVitNetwork: LoadNetwork = async (folder, started, job) => {
  const config = readVitConfig(await folder.json('config.json'));
  const how = await readHow(folder, config);
  const tensors = await folder.checkpoint();
  const { weights, dispose } = await readVitWeights(tensors, config, how.side, folder.weightsFile, job);
  const tower = new VisionTower({ ...config, size: how.side }, weights, ACTIVATION_BYTES);
  const { key, name } = folder;
  return {
    info: {
      key,
      name,
      ...started,
      takes: { pictures: true, texts: false },
      dimensions: { joint: tower.dimension, picture: tower.dimension, text: 0 },
      preparation: preparationOf(how),
    },
    pictures: (batch) => embedPictures(batch, how, name, (pixels) => tower.encode(pixels)),
    dispose,
  };
};

async function readHow(folder: ModelFolder, config: VitConfig): Promise<Preprocessing> {
  const json = await folder.json(FILE);
  if (json === undefined)
    throw new InvalidModelFile(FILE, 'the model has none, so it is not known how pictures are prepared');
  // A plain ViT takes pictures of its own size only.
  if (config.type === 'vit') return readPreprocessing(likeBit(json), config.size, FILE);
  const how = readPreprocessing(json, undefined, FILE);
  const across = patchesAcross({ size: how.side, patch: config.patch });
  if (across < 1 || across ** 2 > MOST_PATCHES)
    throw new InvalidModelFile(
      FILE,
      `a picture of ${how.side} pixels has ${across ** 2} patches of ${config.patch}, and 1 to ${MOST_PATCHES} can be taken`,
    );
  return how;
}

const vitSchema = z.looseObject({ size: z.unknown() });

/** The settings of transformers' ViTImageProcessor, whose defaults are others, as those of the processor that crops. */
function likeBit(json: unknown): object {
  const settings = check(vitSchema, json, FILE);
  const { size = 224 } = settings;
  return {
    resample: 2,
    do_center_crop: false,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
    ...settings,
    size: typeof size === 'number' ? { width: size, height: size } : size,
  };
}
