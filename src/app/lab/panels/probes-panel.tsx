import { Select } from '@mantine/core';
import { useState } from 'react';
import { MODALITIES, type Modality } from '../../../lab/world/factors.ts';
import { SaveTable } from '../../panels/measures-save.tsx';
import { FactorProbes } from './factor-probes.tsx';
import { PartProbes } from './part-probes.tsx';
import { useProbedRuns } from './probed-runs.ts';
import { ProbesStatus } from './probes-status.tsx';
import { probesTable } from './probes-table.ts';
import { RecallProbes } from './recall-probes.tsx';
import { type PanelProps, RunLegend } from './runs-shown.tsx';
import { SpaceProbes } from './space-probes.tsx';
import { SpreadProbes } from './spread-probes.tsx';
import './probes.css';
import { MODALITY_WORDS } from '../modality-words.ts';

/** What the embeddings know and how they lie, measured on scenes that were never trained on, while the run goes on. */
export function ProbesPanel(props: PanelProps) {
  const runs = useProbedRuns(props);
  const [wished, setWished] = useState<Modality>('image');
  const modalities = MODALITIES.filter((modality) =>
    runs.some(({ probes }) => probes.latest?.report.spread[modality]),
  );
  const modality = modalities.includes(wished) ? wished : modalities[0];
  return (
    <section className="lab-panel" aria-label="Probes">
      <RunLegend runs={runs} />
      <ProbesStatus runs={runs} />
      {modality && (
        <>
          {modalities.length > 1 && (
            <Select
              size="xs"
              label="Embeddings of"
              allowDeselect={false}
              value={modality}
              data={modalities.map((each) => ({ value: each, label: MODALITY_WORDS[each].label }))}
              onChange={(value) => setWished(modalities.find((each) => each === value) ?? modality)}
            />
          )}
          <FactorProbes runs={runs} modality={modality} />
          <PartProbes runs={runs} modality={modality} />
          <RecallProbes runs={runs} />
          <SpaceProbes runs={runs} />
          <SpreadProbes runs={runs} modality={modality} />
          {runs.map((run) => (
            <SaveTable
              key={run.which}
              what={runs.length > 1 ? `All numbers of ${run.name}` : 'All numbers, of all steps'}
              table={() => probesTable(run)}
            />
          ))}
        </>
      )}
    </section>
  );
}
