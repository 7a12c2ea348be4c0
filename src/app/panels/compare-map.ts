import { createContext, useContext, useEffect, useRef } from 'react';
import type { CompareStage } from '../compare/stage.ts';
import { act } from '../jobs.ts';

/** Where panes show their maps; undefined until it is open. */
export const StageContext = createContext<CompareStage | undefined>(undefined);

/** Shows a pane's map in the element that takes the ref. */
export function useCompareMap(id: number) {
  const stage = useContext(StageContext);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const container = host.current;
    if (!container || !stage) return;
    const controller = new AbortController();
    act(() => stage.attach(container, id, controller.signal));
    return () => controller.abort();
  }, [stage, id]);
  return host;
}
