// A parser of WGSL is large: this is a chunk of its own, so that a page is there before it is needed.
import './float16-stand-in.ts';

export { makeShaderDataDefinitions, makeStructuredView } from 'webgpu-utils';
