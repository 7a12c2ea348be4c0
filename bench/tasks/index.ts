import type { Task } from '../task.ts';
import { compare2000, compare10000 } from './compare.ts';
import { embedClip, embedEmbedded } from './embed.ts';
import { hamming } from './hamming.ts';
import { kernels } from './kernels.ts';
import { manhattan } from './manhattan.ts';
import { memory } from './memory.ts';
import { neighbors2000, neighbors5000 } from './neighbors.ts';
import { products } from './products.ts';
import { search } from './search.ts';
import { similarity } from './similarity.ts';

/** In the order of the table. */
export const tasks: readonly Task[] = [
  products,
  neighbors2000,
  neighbors5000,
  search,
  manhattan,
  hamming,
  similarity,
  kernels,
  compare2000,
  compare10000,
  embedEmbedded,
  embedClip,
  memory,
];
