import { memo, type ReactNode } from 'react';
import type { Told } from '../../../lab/probes/report.ts';
import { FACTORS, type Modality, SHOWS } from '../../../lab/world/factors.ts';
import { percentText } from './number-words.ts';
import { ProbeHead } from './probe-head.tsx';
import { measured, type ProbedRun } from './probed-runs.ts';
import { Swatch } from './runs-shown.tsx';
import './parts.css';
import { modalityName } from './modality-name.ts';

/** DeCUR: in which dimensions of a modality each factor stands. */
export const PartProbes = memo(function PartProbes(props: {
  readonly runs: readonly ProbedRun[];
  readonly modality: Modality;
}) {
  const { runs, modality } = props;
  const parted = runs.filter(
    ({ probes, settings: { data } }) =>
      probes.latest?.report.parts[modality] && (!data || data.labels.length > 1),
  );
  if (parted.length === 0) return null;
  return (
    <>
      <ProbeHead id="parts" />
      {parted.map((run) => (
        <Parts key={run.which} run={run} modality={modality} isNamed={runs.length > 1} />
      ))}
    </>
  );
});

function Parts(props: { readonly run: ProbedRun; readonly modality: Modality; readonly isNamed: boolean }) {
  const { run, modality, isNamed } = props;
  const parts = run.probes.latest?.report.parts[modality];
  const other = run.settings.modalities.find((each) => each !== modality);
  if (!parts || !other) return null;
  const [common, unique] = [measured(parts.common), measured(parts.unique)];
  const factors = FACTORS.filter(
    (factor) => SHOWS[modality].includes(factor) && (common?.[factor] || unique?.[factor]),
  );
  const shared = factors.filter((factor) => SHOWS[other].includes(factor));
  const own = factors.filter((factor) => !shared.includes(factor));
  const row = (factor: Told) => {
    const [inCommon, inUnique] = [common?.[factor], unique?.[factor]];
    const chance = inCommon?.chance ?? inUnique?.chance;
    return (
      <tr key={factor}>
        <th scope="row">{factor}</th>
        <PartCell value={inCommon?.value} chance={chance} />
        <PartCell value={inUnique?.value} chance={chance} />
        <td>{chance === undefined ? '–' : percentText(chance)}</td>
      </tr>
    );
  };
  return (
    <table className="lab-parts">
      <caption className={isNamed ? undefined : 'visually-hidden'}>
        {isNamed && <Swatch which={run.which} />}
        {isNamed ? run.name : 'Accuracy from the common and from the unique dimensions'}
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">common</th>
          <th scope="col">unique</th>
          <th scope="col">chance</th>
        </tr>
      </thead>
      <PartGroup
        name={`Shared with ${modalityName(other)}: should stand in the common ones`}
        rows={shared.map(row)}
      />
      <PartGroup
        name={`Only in ${modalityName(modality)}: should stand in the unique ones`}
        rows={own.map(row)}
      />
      <PartGroup
        name="Of pictures it is not known where it should stand"
        rows={common?.label || unique?.label ? [row('label')] : []}
      />
    </table>
  );
}

function PartGroup({ name, rows }: { readonly name: string; readonly rows: readonly ReactNode[] }) {
  if (rows.length === 0) return null;
  return (
    <tbody>
      <tr>
        <th colSpan={4} scope="colgroup" className="lab-parts-group">
          {name}
        </th>
      </tr>
      {rows}
    </tbody>
  );
}

/** Shaded by how far it is above chance. */
function PartCell(props: { readonly value: number | undefined; readonly chance: number | undefined }) {
  const { value, chance } = props;
  if (value === undefined || chance === undefined) return <td>–</td>;
  const share = Math.max(0, (value - chance) / (1 - chance)) || 0;
  return (
    <td style={{ background: `color-mix(in srgb, var(--accent) ${Math.round(45 * share)}%, transparent)` }}>
      {percentText(value)}
    </td>
  );
}
