import * as comlink from 'comlink';
import { projectingWork } from './projecting-work.ts';

comlink.expose(projectingWork);
