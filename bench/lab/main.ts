/** What `npm run bench:lab` measures, by the word that `--only` takes. */
import { deCur } from './decur.ts';
import { clip, imageBind, sigLip } from './pairs.ts';
import type { Task } from './row.ts';
import { supervised } from './supervised.ts';
import { barlowTwins, simClr, vicReg } from './views.ts';

/** The longest first, so that two cores end together. */
export const tasks: Readonly<Record<string, Task>> = {
  simclr: simClr,
  vicreg: vicReg,
  'image-bind': imageBind,
  'barlow-twins': barlowTwins,
  decur: deCur,
  clip,
  siglip: sigLip,
  supervised,
};
