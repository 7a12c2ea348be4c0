import * as Comlink from 'comlink';
import { createMatrixWork } from './work.ts';

Comlink.expose(createMatrixWork());
