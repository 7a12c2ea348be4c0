import { EMBEDDED } from '../model-choice.ts';
import { useApp } from '../store.ts';
import { count } from '../words.ts';

/** One line that says what is here and what it runs on. */
export function StatusLine() {
  const kinds = useApp((state) => state.kinds);
  const adapter = useApp((state) => state.adapter);
  const cpuReason = useApp((state) => state.cpuReason);
  const model = useApp((state) => state.model);
  const modelId = useApp((state) => state.modelId);
  const modelError = useApp((state) => state.modelError);
  const parts = [
    kinds.picture > 0 && count(kinds.picture, 'picture'),
    kinds.text > 0 && count(kinds.text, 'text'),
    kinds.vector > 0 && count(kinds.vector, 'vector'),
  ].filter(Boolean);
  return (
    <footer className="status">
      {parts.length > 0 && <span>{parts.join(', ')}</span>}
      {adapter && <span>{distanceSentence(adapter, cpuReason)}</span>}
      {model && <span className="wide-only">{modelSentence(model, modelId)}</span>}
      {modelError && <span role="alert">{modelError}</span>}
    </footer>
  );
}

function distanceSentence(
  adapter: { path: string; vendor: string; architecture: string; isFallback: boolean },
  reason: string | undefined,
): string {
  if (adapter.path === 'cpu') return `Distances on the CPU: ${reason ?? 'this browser gives no WebGPU.'}`;
  const name = [adapter.vendor, adapter.architecture].filter(Boolean).join(' ') || 'GPU';
  return `Distances on WebGPU (${name}${adapter.isFallback ? ', a software adapter' : ''})`;
}

function modelSentence(model: { backend: string; threads: number }, id: string): string {
  const name = id === EMBEDDED ? 'Model' : id.slice(id.lastIndexOf('/') + 1);
  if (model.backend === 'wasm') return `${name} on wasm, ${count(model.threads, 'thread')}`;
  return model.backend === 'webgpu' ? `${name} on WebGPU` : `${name} on the CPU`;
}
