import type { Network } from './architecture.ts';
import { InvalidModelFile, NotFinite, UnfitTokens } from './errors.ts';
import { testPicture } from './test-picture.ts';
import { InvalidWeights } from './weights/errors.ts';

const DAMAGED =
  'The file is damaged, or its settings do not fit it; get all files of the model anew, or choose another model.';

/**
 * Runs a network once on each kind of thing that it takes, so that files which fit one another in shape alone are refused before the
 * model is used. Frees it where it fails. One that loading has run already is not run again.
 *
 * @param weightsFile what the weights are called in messages
 * @throws {InvalidModelFile} when its tokenizer's ids are not those of its vocabulary
 * @throws {InvalidWeights} when its vectors are not finite
 * @throws {NotFinite} for those on webgpu, where the GPU may be at fault and another backend not
 */
export async function probe(network: Network, weightsFile: string): Promise<void> {
  if (network.isTried) return;
  try {
    await network.pictures?.([testPicture(network.info.preparation.size, 0)]);
    const ids = tokensOf(network, 'a gray house');
    if (ids) await network.texts?.([ids]);
  } catch (error) {
    network.dispose();
    if (error instanceof UnfitTokens)
      throw new InvalidModelFile(
        'tokenizer.json',
        `its tokens are not those that config.json speaks of (${error.message})`,
      );
    if (error instanceof NotFinite && network.info.backend !== 'webgpu')
      throw new InvalidWeights(
        weightsFile,
        'it gives numbers that are no numbers (NaN or infinity)',
        DAMAGED,
      );
    throw error;
  }
}

function tokensOf(network: Network, text: string): number[] | undefined {
  try {
    return network.tokenize?.(text);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new InvalidModelFile('tokenizer.json', `it does not work (${said.slice(0, 200)})`);
  }
}
