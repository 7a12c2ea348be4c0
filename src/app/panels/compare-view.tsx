import { useEffect, useState } from 'react';
import { CompareStage } from '../compare/stage.ts';
import { useCompare } from '../compare/state.ts';
import { act } from '../jobs.ts';
import { useApp } from '../store.ts';
import { CompareBar } from './compare-bar.tsx';
import { CompareLists } from './compare-lists.tsx';
import { StageContext } from './compare-map.ts';
import { ComparePaneView } from './compare-pane.tsx';
import './compare.css';

/** The same items in several panes side by side. */
export function CompareView() {
  const panes = useCompare((state) => state.panes);
  const lists = useCompare((state) => state.listsOpen);
  const selected = useApp((state) => state.selection.length === 1);
  const [stage, setStage] = useState<CompareStage | undefined>();

  useEffect(() => {
    const controller = new AbortController();
    act(async () => {
      const opened = await CompareStage.open(controller.signal);
      if (!controller.signal.aborted) setStage(opened);
    });
    return () => {
      controller.abort();
      setStage(undefined);
    };
  }, []);

  // One pane a task: all in one would hold up the page.
  const [drawn, setDrawn] = useState(1);
  const more = drawn < panes.length;
  useEffect(() => {
    if (!more) return;
    const timer = setTimeout(() => setDrawn(drawn + 1));
    return () => clearTimeout(timer);
  }, [drawn, more]);

  return (
    <section className="compare" aria-label="Comparison">
      <CompareBar />
      <StageContext value={stage}>
        <div
          className="compare-panes"
          data-count={panes.length}
          data-lists={(lists && selected) || undefined}
        >
          {panes.map((pane, index) =>
            index < drawn ? (
              <ComparePaneView key={pane.id} pane={pane} index={index} count={panes.length} />
            ) : (
              <section key={pane.id} className="compare-pane" />
            ),
          )}
        </div>
      </StageContext>
      <CompareLists />
    </section>
  );
}
