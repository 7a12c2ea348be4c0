import { UnusableModel } from '../errors.ts';
import type { TfjsModel } from './model-json.ts';

/**
 * That the files of weights are there and have the sizes that the description gives them.
 *
 * @param bytesOf the size of a file in the model's folder; undefined where it is not there
 * @throws {UnusableModel} naming the file, or those that together are of another size
 */
export async function checkShards(
  { groups }: Pick<TfjsModel, 'groups'>,
  bytesOf: (path: string) => Promise<number | undefined> | number | undefined,
): Promise<void> {
  for (const { paths, bytes, exact } of groups) {
    let found = 0;
    for (const path of paths) {
      const size = await bytesOf(path);
      if (size === undefined) {
        throw new UnusableModel(
          `${path} is missing, a file of weights that the model’s model.json names. Add it, or get the model anew.`,
        );
      }
      found += size;
    }
    if (exact ? found === bytes : found >= bytes) continue;
    const [first = 'no file', ...others] = paths;
    const which = others.length === 0 ? first : `${first} to ${others.at(-1)}`;
    const have = others.length === 0 ? 'has' : 'have';
    throw new UnusableModel(
      `${which} ${have} ${found} bytes, and model.json says ${bytes}. They belong to different models, or one was cut off. Get the model anew.`,
    );
  }
}
