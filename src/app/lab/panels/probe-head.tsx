import { type ProbeId, probes } from '../../../lab/probes/catalogue.ts';
import { Quiet } from '../../panels/measures-asked.tsx';
import { Folded } from './folded.tsx';

/** What a probe asks, and on demand how. */
export function ProbeHead({ id }: { readonly id: ProbeId }) {
  const { label, question, formula, scale, source } = probes[id];
  return (
    <>
      <h3>{label}</h3>
      <p>{question}</p>
      <Folded summary="How it is measured" isQuiet>
        {() => (
          <>
            <div className="lab-formula">
              <code>{formula}</code>
            </div>
            <p>{scale}</p>
            <Quiet>
              <a href={source.url} target="_blank" rel="noreferrer">
                {source.citation}
              </a>
            </Quiet>
          </>
        )}
      </Folded>
    </>
  );
}
