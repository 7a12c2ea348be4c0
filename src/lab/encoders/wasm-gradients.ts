import {
  AvgPoolGrad,
  BatchMatMul,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  conv2d,
  div,
  engine,
  getBackend,
  getKernel,
  Identity,
  image,
  KernelBackend,
  type KernelFunc,
  pad,
  type Rank,
  registerKernel,
  reshape,
  reverse,
  Tensor,
  type Tensor4D,
  type TensorInfo,
  tidy,
  transpose,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

const BACKEND = 'wasm';
let isMended = false;

/**
 * Gives tfjs 4.22's wasm backend the gradient of a convolution by its kernel, which it has not, and makes others some ten times as fast. Its
 * convolution and its plain product are XNNPACK's, and the rest are scalar loops (2.3 against 26 GFLOP/s): so gradients are written as convolutions, and a
 * product with a transposed matrix as one with its copy. Does nothing on another backend. Whatever is not as networks of the lab need it (strides, even
 * kernels) is left to the kernel there was.
 */
export function mendGradients(): void {
  if (isMended || getBackend() !== BACKEND) return;
  isMended = true;
  registerKernel({ kernelName: Conv2DBackpropFilter, backendName: BACKEND, kernelFunc: byKernel });
  replace(Conv2DBackpropInput, byItems);
  replace(BatchMatMul, product);
  replace(AvgPoolGrad, byPooled);
  replace(Identity, share);
}

function replace(kernelName: string, make: (plain: KernelFunc) => KernelFunc): void {
  const { kernelFunc: plain } = getKernel(kernelName, BACKEND);
  unregisterKernel(kernelName, BACKEND);
  registerKernel({ kernelName, backendName: BACKEND, kernelFunc: make(plain) });
}

/** Σ over items and places of x, shifted, times dy: a convolution of channels as items, over items as channels, with dy as the kernel. */
const byKernel: KernelFunc = ({ inputs, attrs }) => {
  const { x: items, dy: slope } = inputs;
  const shape = kernelShape(attrs?.filterShape);
  if (!items || !slope || !shape || !isPlain(attrs)) {
    throw new Error('The wasm backend has gradients of convolutions with odd kernels that keep all places.');
  }
  return tidy(() => {
    const [above, left] = [(shape[0] - 1) / 2, (shape[1] - 1) / 2];
    const padded = pad(rank4(items), [
      [0, 0],
      [above, above],
      [left, left],
      [0, 0],
    ]);
    const channels = transpose(padded, [3, 1, 2, 0]);
    const summed = conv2d(channels, transpose(rank4(slope), [1, 2, 0, 3]), 1, 'valid');
    return transpose(summed, [1, 2, 0, 3]);
  });
};

/** A convolution of dy with the kernel turned around, from its outputs to its inputs. */
const byItems =
  (plain: KernelFunc): KernelFunc =>
  (call) => {
    const { dy: slope, filter } = call.inputs;
    if (!slope || !filter || !kernelShape(filter.shape) || !isPlain(call.attrs)) return plain(call);
    return tidy(() => {
      const turned = transpose(reverse(rank4(filter), [0, 1]), [0, 1, 3, 2]);
      return conv2d(rank4(slope), turned, 1, 'same');
    });
  };

/** Each mean's slope goes in equal parts to the places that it was taken over, in blocks that do not overlap. */
const byPooled =
  (plain: KernelFunc): KernelFunc =>
  (call) => {
    const { dy: slope, input } = call.inputs;
    const { filterSize, strides, pad: border } = call.attrs ?? {};
    const [height, width]: unknown[] = Array.isArray(filterSize) ? filterSize : [];
    const isOfBlocks = border === 'valid' && String(filterSize) === String(strides);
    if (!slope || !input || !isOfBlocks || typeof height !== 'number' || typeof width !== 'number') {
      return plain(call);
    }
    return tidy(() => {
      const share = div<Tensor4D>(rank4(slope), height * width);
      const [, rows = 0, columns = 0] = slope.shape;
      const [, inputRows = 0, inputColumns = 0] = input.shape;
      const spread = image.resizeNearestNeighbor(share, [rows * height, columns * width]);
      return pad(spread, [
        [0, 0],
        [0, inputRows - rows * height],
        [0, inputColumns - columns * width],
        [0, 0],
      ]);
    });
  };

/** A copy has the same numbers at the same place: no kernel writes over what it is given. Every op's inputs are copied for its gradient. */
const share =
  (plain: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs;
    const { backend } = call;
    if (!x || x.dtype === 'string' || !(backend instanceof KernelBackend)) return plain(call);
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  };

const product =
  (plain: KernelFunc): KernelFunc =>
  (call) => {
    const { a, b } = call.inputs;
    const { transposeA, transposeB } = call.attrs ?? {};
    // Batches of products are scalar loops either way.
    if (!a || !b || !(transposeA || transposeB) || !isMatrix(a) || !isMatrix(b)) return plain(call);
    return tidy(() => {
      const inputs = { a: transposeA ? turn(a) : a, b: transposeB ? turn(b) : b };
      const { backend } = call;
      const made = plain({ inputs, attrs: { transposeA: false, transposeB: false }, backend });
      const [info] = [made].flat();
      if (!info) throw new Error('A product gave nothing.');
      return asTensor(info);
    });
  };

function isMatrix({ shape }: TensorInfo): boolean {
  return shape.length === 2;
}

function turn(matrix: TensorInfo): Tensor {
  return transpose(asTensor(matrix), [1, 0]);
}

/** What kernels are given are tensors already; what they make is not yet. */
function asTensor(info: TensorInfo): Tensor {
  return info instanceof Tensor ? info : engine().makeTensorFromTensorInfo(info);
}

function rank4(info: TensorInfo): Tensor4D {
  const [first = 0, second = 0, third = 0, fourth = 0] = info.shape;
  return reshape<Rank.R4>(asTensor(info), [first, second, third, fourth]);
}

function kernelShape(shape: unknown): readonly [number, number] | undefined {
  const [height, width]: unknown[] = Array.isArray(shape) ? shape : [];
  const isOdd = (side: unknown): side is number => typeof side === 'number' && side % 2 === 1;
  return isOdd(height) && isOdd(width) ? [height, width] : undefined;
}

function isPlain(attrs: Readonly<Record<string, unknown>> | undefined): boolean {
  const strides = [attrs?.strides].flat();
  return attrs?.pad === 'same' && attrs.dataFormat === 'NHWC' && strides.every((stride) => stride === 1);
}
