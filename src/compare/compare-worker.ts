import * as Comlink from 'comlink';
import { createWork } from './work.ts';

Comlink.expose(createWork());
