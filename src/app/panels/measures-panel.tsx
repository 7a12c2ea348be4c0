import { SegmentedControl } from '@mantine/core';
import { type Part, useMeasures, writeMeasures } from '../measures/state.ts';
import { useSubjects } from '../measures/subjects.ts';
import { MeasuresAgreement } from './measures-agreement.tsx';
import { MeasuresHonesty } from './measures-honesty.tsx';
import { MeasuresSpace } from './measures-space.tsx';
import './measures.css';

const PARTS: readonly { readonly value: Part; readonly label: string }[] = [
  { value: 'agreement', label: 'Metrics agree' },
  { value: 'honesty', label: 'Honest map' },
  { value: 'space', label: 'The space' },
];

/** How metrics differ, how far to trust the map, what the space is like. */
export function MeasuresPanel() {
  const part = useMeasures((state) => state.part);
  const subjects = useSubjects();
  return (
    <>
      <div className="pad" style={{ paddingBottom: 0 }}>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="What is measured"
          value={part}
          onChange={(value) =>
            writeMeasures({ part: PARTS.find((each) => each.value === value)?.value ?? part })
          }
          data={[...PARTS]}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="side-body measures" aria-label="Measures" tabIndex={0}>
        {part === 'agreement' && <MeasuresAgreement subjects={subjects} />}
        {part === 'honesty' && <MeasuresHonesty subjects={subjects} />}
        {part === 'space' && <MeasuresSpace subjects={subjects} />}
      </section>
    </>
  );
}
