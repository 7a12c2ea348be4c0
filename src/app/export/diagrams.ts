/** The diagrams of the measures as drawings. */
import type { Job } from '../../common/job.ts';
import { type FigureSheet, sheetOf } from '../../export/figure.ts';
import { histogramFigure } from '../../export/histogram.ts';
import { shepardFigure } from '../../export/shepard.ts';
import type { Paint } from '../../export/svg.ts';
import type { MetricId } from '../../metrics/engine.ts';
import { askHonesty, askSpace } from '../measures/questions.ts';
import { readApp } from '../store.ts';
import { stepper, subjectsOnPage } from './answers.ts';

/** Of each map on the page, and of PCA of the same space. */
export async function drawShepard(paint: Paint, job: Job): Promise<FigureSheet> {
  const { settling, comparing } = readApp();
  if (settling && !comparing) {
    throw new Error('The map is still being arranged. Export its Shepard diagram once it has settled.');
  }
  const { maps } = subjectsOnPage();
  const step = stepper(job, maps.length);
  const figures = [];
  for (const map of maps) {
    const [own, pca] = (await step(askHonesty(map), map.name)).maps;
    if (own) figures.push(shepardFigure(map.name, own.global.shepard, paint));
    if (pca)
      figures.push(
        shepardFigure(
          maps.length > 1 ? `${map.name}: PCA beside it` : 'PCA beside it',
          pca.global.shepard,
          paint,
        ),
      );
  }
  if (figures.length === 0) {
    throw new RangeError('A Shepard diagram needs three items on the map. Add some.');
  }
  return sheetOf(figures, 'Shepard diagram', paint);
}

/** Under each metric, or one of them. */
export async function drawHistograms(
  paint: Paint,
  job: Job & { readonly metric?: MetricId | undefined },
): Promise<FigureSheet> {
  const { metrics } = subjectsOnPage();
  const wanted = metrics.filter(({ setting }) => job.metric === undefined || setting.metric === job.metric);
  if (wanted.length === 0) {
    throw new RangeError(
      `No pane measures by ${job.metric}. Choose one of ${metrics.map(({ setting }) => setting.metric).join(', ')}.`,
    );
  }
  const step = stepper(job, wanted.length);
  const figures = [];
  for (const subject of wanted) {
    if (subject.ids.length < 3) continue;
    const figure = histogramFigure(
      `Distances: ${subject.name}`,
      await step(askSpace(subject), subject.name),
      paint,
    );
    if (figure) figures.push(figure);
  }
  if (figures.length === 0) {
    throw new RangeError('A histogram needs three items that are not all at the same distance. Add some.');
  }
  return sheetOf(figures, 'Histogram of distances', paint);
}
