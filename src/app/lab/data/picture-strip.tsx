import type { RunSettings } from '../../../lab/training/settings.ts';
import { PictureCanvas } from './picture-canvas.tsx';
import { shownItems } from './shown-items.ts';

/** The picture that was pointed at last, with its words. */
export function PictureStrip(props: { readonly settings: RunSettings; readonly at: number | undefined }) {
  const { settings, at } = props;
  const items = shownItems(settings);
  const image = at === undefined ? undefined : items.picture(at, 'image');
  if (at === undefined || !image) {
    return (
      <p className="lab-strip" data-empty>
        Point at a picture, or tap it, to see it with its words.
      </p>
    );
  }
  const label = settings.data?.labels[items.levels('shape')[at] ?? -1];
  return (
    <section className="lab-strip" aria-label="Picture">
      <PictureCanvas image={image} label={items.caption(at)} />
      <div>
        <p>{items.caption(at)}</p>
        <p className="lab-factors">
          {label === undefined ? 'without a label' : `label ${label}`} · never trained on
        </p>
      </div>
    </section>
  );
}
