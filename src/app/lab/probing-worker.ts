import * as Comlink from 'comlink';
import { createProbingWork } from './probing-work.ts';

Comlink.expose(createProbingWork());
