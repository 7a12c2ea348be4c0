import * as Comlink from 'comlink';
import { createFramer, type Frame, type FrameRequest } from './frames.ts';

const framer = createFramer();

const worker = {
  frame(request: FrameRequest): Frame {
    const frame = framer(request);
    // A copy stays: the next frame is turned to it.
    const positions = frame.positions.slice();
    return Comlink.transfer({ ...frame, positions }, [positions.buffer]);
  },
};

export type FramesWorker = typeof worker;

Comlink.expose(worker);
