import { GpuFault } from './errors.ts';
import type { Shader } from './shader.ts';

/** A compiled entry point of a shader. */
export interface Kernel {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  /** Bytes of its uniform struct, as the WGSL says. */
  readonly uniformBytes: number;
  /** Binding numbers of the shader's storage buffers, by their names in the WGSL. */
  readonly bindings: ReadonlyMap<string, number>;
  /** The bytes of its uniform struct with these values. */
  packUniforms(values: Readonly<Record<string, number>>): ArrayBuffer;
}

const compiled = new WeakMap<GPUDevice, Map<string, Promise<Kernel>>>();

/**
 * Compiles an entry point once a device. All kernels keep their storage in group 0 and their one uniform struct, named
 * `job`, at its binding 0.
 *
 * @throws {GpuFault} with the shader's name and the compiler's message
 */
export function getKernel(device: GPUDevice, shader: Shader, entryPoint: string): Promise<Kernel> {
  const kernels = compiled.get(device) ?? new Map<string, Promise<Kernel>>();
  compiled.set(device, kernels);
  const key = `${entryPoint} ${shader.code}`;
  const kernel = kernels.get(key) ?? compile(device, shader, entryPoint);
  kernels.set(key, kernel);
  return kernel;
}

async function compile(device: GPUDevice, shader: Shader, entryPoint: string): Promise<Kernel> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: shader.name, code: shader.code });
  const [error, info] = await Promise.all([device.popErrorScope(), module.getCompilationInfo()]);
  const worst = info.messages.find(({ type }) => type === 'error');
  if (worst) {
    const line = shader.code.split('\n')[worst.lineNum - 1]?.trim() ?? '';
    throw new GpuFault(shader.name, `${worst.message} in "${line}"`);
  }
  if (error) throw new GpuFault(shader.name, error.message);
  const { makeShaderDataDefinitions, makeStructuredView } = await import('./reflection.ts');
  const { uniforms: uniformStructs, storages } = makeShaderDataDefinitions(declarationsOf(shader.code));
  const uniforms = uniformStructs.job;
  if (!uniforms) throw new GpuFault(shader.name, 'has no uniform struct named "job"');
  try {
    const pipeline = await device.createComputePipelineAsync({
      label: `${shader.name} ${entryPoint}`,
      layout: 'auto',
      compute: { module, entryPoint },
    });
    return {
      name: shader.name,
      pipeline,
      uniformBytes: uniforms.size,
      bindings: new Map(Object.entries(storages).map(([name, { binding }]) => [name, binding])),
      packUniforms(values) {
        const view = makeStructuredView(uniforms);
        view.set(values);
        return view.arrayBuffer;
      },
    };
  } catch (failure) {
    throw new GpuFault(shader.name, failure instanceof Error ? failure.message : String(failure));
  }
}

/** The WGSL without comments and functions: to read all of an unrolled kernel would take the page tens of milliseconds. */
export function declarationsOf(code: string): string {
  const bare = code.replace(/\/\/.*$/gm, '');
  const start = /(?:@\w+\s*(?:\([^)]*\))?\s*)*\bfn\s[^{]*\{/g;
  let out = '';
  let at = 0;
  for (let found = start.exec(bare); found; found = start.exec(bare)) {
    out += bare.slice(at, found.index);
    at = start.lastIndex;
    for (let depth = 1; depth > 0 && at < bare.length; at++) {
      if (bare[at] === '{') depth++;
      else if (bare[at] === '}') depth--;
    }
    start.lastIndex = at;
  }
  return out + bare.slice(at);
}
