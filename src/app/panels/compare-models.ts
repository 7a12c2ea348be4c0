import { useEffect, useState } from 'react';
import { type ModelHere, modelsHere } from '../compare/models-here.ts';
import { useApp } from '../store.ts';

/** The models that panes can show, looked up anew when the collection or the model in use changes. */
export function useModelsHere(): readonly ModelHere[] {
  const revision = useApp((state) => state.revision);
  const modelId = useApp((state) => state.modelId);
  const jobs = useApp((state) => state.jobs.length);
  const [models, setModels] = useState<readonly ModelHere[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is looked up depends on them
  useEffect(() => {
    let gone = false;
    modelsHere().then(
      (found) => !gone && setModels(found),
      // Without a store of models there is the one in use, which every pane has anyway.
      (error: unknown) => console.warn('Other models could not be looked up:', error),
    );
    return () => {
      gone = true;
    };
  }, [revision, modelId, jobs]);
  return models;
}
