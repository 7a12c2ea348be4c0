/** Keeps a table of layers from taking memory that its files do not account for, which ends the page rather than the model. */
import { type LayersModel, layers as layerKinds } from '@tensorflow/tfjs-layers';
import { InvalidModelFile } from '../errors.ts';
import { quote } from '../weights/errors.ts';
import { MODEL_JSON } from './model-json.ts';

type Layer = LayersModel['layers'][number];

/** Of one layer's output for one picture: 512 MB, four times what the largest networks for pictures have. */
const MOST_VALUES = 2 ** 27;

/**
 * Builds a model whose layers together have no more weights than its files: tfjs makes room for a layer's weights before it looks at what
 * there is to fill them, and how many they are follows from what the layers before it give.
 *
 * @param values of all weights in the files
 * @throws {InvalidModelFile} naming the first layer that is too large; what `build` throws
 */
export async function withinWeights<T>(values: number, build: () => Promise<T>): Promise<T> {
  const { prototype } = layerKinds.Layer;
  const addWeight: unknown = Reflect.get(prototype, 'addWeight');
  if (typeof addWeight !== 'function') return build();
  let sum = 0;
  Reflect.set(
    prototype,
    'addWeight',
    function (this: Layer, name: string, shape: readonly number[], ...how: unknown[]) {
      sum += sizeOf(shape);
      if (!(sum <= values)) {
        const what = `its layer ${quote(this.name)} asks for ${shape.join(' × ')} values as ${quote(name)}, and all weights together have ${values}`;
        throw new InvalidModelFile(MODEL_JSON, what);
      }
      return Reflect.apply(addWeight, this, [name, shape, ...how]);
    },
  );
  try {
    return await build();
  } finally {
    Reflect.set(prototype, 'addWeight', addWeight);
  }
}

/**
 * That no layer gives more for a picture than can be held, as far as its shape is known before a picture is.
 *
 * @throws {InvalidModelFile} naming the layer
 */
export function checkOutputs({ layers }: LayersModel): void {
  for (const layer of layers) {
    for (const { shape } of layer.inboundNodes.flatMap(({ outputTensors }) => outputTensors)) {
      const [, ...sides] = shape;
      if (sizeOf(sides) > MOST_VALUES) {
        const what = `its layer ${quote(layer.name)} makes ${sides.join(' × ')} values of a picture, and ${MOST_VALUES} can be held`;
        throw new InvalidModelFile(MODEL_JSON, what);
      }
    }
    if (isModel(layer)) checkOutputs(layer);
  }
}

/** Sides that are not known count as 1. */
function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, side) => product * (side ?? 1), 1);
}

/** A model in a model is one of its layers. */
function isModel(layer: Layer): layer is LayersModel {
  return 'layers' in layer && Array.isArray(layer.layers);
}
