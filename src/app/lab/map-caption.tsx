import { comparesDirections, showsProjections } from './shown-rows.ts';
import type { LabRun } from './state.ts';

/** What is seen on a map, and how much of it two directions can tell. */
export function MapCaption({ run }: { readonly run: LabRun }) {
  const { settings, framed, status } = run;
  if (!framed) {
    return (
      <p className="lab-caption" role="status">
        {status.type === 'failed' ? 'Nothing was learned.' : 'The map comes with the first embeddings.'}
      </p>
    );
  }
  const { step, projection, explained } = framed;
  const what = showsProjections(settings) ? 'what the loss compares' : 'embeddings';
  const form = comparesDirections(settings) ? `${what}, as directions` : what;
  const share = explained && Math.round(100 * (explained[0] + explained[1]));
  return (
    <p className="lab-caption">
      Step {step.toLocaleString('en-US')} · {projection === 'pca' ? 'PCA' : 'UMAP'} of {form}
      {share !== undefined && ` · two directions show ${share} % of the variance`}
    </p>
  );
}
