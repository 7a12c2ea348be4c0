import { Folded } from './folded.tsx';
import { changesOf } from './run-changes.ts';
import { type NamedRun, Swatch } from './runs-shown.tsx';

/** What else was changed in each run; nothing where nothing was. */
export function RunChanges({
  runs,
  isNamed,
}: {
  readonly runs: readonly NamedRun[];
  readonly isNamed: boolean;
}) {
  const changes = runs.flatMap(({ run, which }) =>
    changesOf(run.settings).map((change) => ({ ...change, which })),
  );
  if (changes.length === 0) return null;
  return (
    <Folded summary={`Other settings that were changed: ${changes.length}`} isQuiet>
      {() => (
        <ul className="lab-changes">
          {changes.map(({ which, what, now, initially }) => (
            <li key={`${which} ${what}`}>
              {isNamed && <Swatch which={which} />}
              {what}: <strong>{now}</strong> <em className="lab-changed">changed from {initially}</em>
            </li>
          ))}
        </ul>
      )}
    </Folded>
  );
}
