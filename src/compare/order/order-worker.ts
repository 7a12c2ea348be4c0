import * as Comlink from 'comlink';
import { createOrderWork } from './order-work.ts';

Comlink.expose(createOrderWork());
