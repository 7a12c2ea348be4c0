import { type ProbeId, probes } from '../../../lab/probes/catalogue.ts';
import { Quiet } from '../../panels/measures-asked.tsx';
import { Folded } from './folded.tsx';

/** What a probe asks, and on demand how. */
export function ProbeHead({ id }: { readonly id: ProbeId }) {
  const { label, question } = probes[id];
  return (
    <>
      <h3>{label}</h3>
      <p>{question}</p>
      <ProbeSource ids={[id]} />
    </>
  );
}

/** How numbers are measured, and after whom. */
export function ProbeSource({ ids }: { readonly ids: readonly ProbeId[] }) {
  return (
    <Folded summary="How it is measured" isQuiet>
      {() =>
        ids.map((id) => {
          const { label, formula, scale, source } = probes[id];
          return (
            <div key={id} className="lab-readings">
              {ids.length > 1 && <strong>{label}</strong>}
              <div className="lab-formula">
                <code>{formula}</code>
              </div>
              <p>{scale}</p>
              <Quiet>
                <a href={source.url} target="_blank" rel="noreferrer">
                  {source.citation}
                </a>
              </Quiet>
            </div>
          );
        })
      }
    </Folded>
  );
}
