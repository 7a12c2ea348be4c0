// webgpu-utils names Float16Array while it loads, and browsers had WebGPU for two years before they had that (Chrome 113
// and 135). We have no 16-bit uniforms, so any array type will do.
if (!('Float16Array' in globalThis)) Object.assign(globalThis, { Float16Array: Uint16Array });
