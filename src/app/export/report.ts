/** The whole comparison, or the map alone, as one HTML file. */
import { version } from '../../../package.json';
import type { Job } from '../../common/job.ts';
import { svgOfFigure } from '../../export/figure.ts';
import {
  type ReportContent,
  type ReportMap,
  type ReportTable,
  reportOf,
  type Setting,
} from '../../export/report.ts';
import { agreementSection, honestySection, spaceSection } from '../../export/report-sections.ts';
import { REPORT_PAINT } from '../../export/report-style.ts';
import { pictureDefinitions, pictureIdsOf, svgOf } from '../../export/svg.ts';
import { modelName, PROJECTION_NAMES } from '../compare/setting.ts';
import type { ExportOptions } from '../handle.ts';
import { readMatrix } from '../matrix/state.ts';
import { askAgreement, askCorrelations, askHonesty, askSpace } from '../measures/questions.ts';
import { readApp } from '../store.ts';
import { count } from '../words.ts';
import { stepper, subjectsOnPage } from './answers.ts';
import { drawnMatrix } from './matrix.ts';
import { type DrawnMap, dataUrlOf, describeDrawings, drawMaps, thumbnailsIn } from './pictures.ts';
import { colorsOf, type ExportedMap, kindOf, nameOf } from './subject.ts';

/** Beyond so many items a map is a picture, and the places of items are not in the data. */
const MOST_DRAWN = 3_000;

export async function exportReport(maps: readonly ExportedMap[], options: ExportOptions): Promise<Blob> {
  const { settling, comparing } = readApp();
  if (settling && !comparing) {
    throw new Error('The map is still being arranged. Make the report once it has settled.');
  }
  const drawn = await drawMaps(maps, options);
  const pictures = await picturesOf(maps, drawn, options);
  const measured = await measure(options);
  const title =
    maps.length === 1
      ? `A map of ${count(maps[0]?.layout.ids.length ?? 0, 'item')}`
      : `${maps.length} maps side by side`;
  return new Blob(
    [
      reportOf({
        title,
        madeAt: new Date(),
        ...settingsOf(maps),
        ...pictures,
        ...colorsOf(maps),
        sections: [...measured, ...(await matrixSections())],
        data: { version, panes: maps.map((map) => paneData(map)) },
      }),
    ],
    { type: 'text/html;charset=utf-8' },
  );
}

async function picturesOf(
  maps: readonly ExportedMap[],
  drawn: readonly DrawnMap[],
  { thumbnails, signal }: ExportOptions,
): Promise<Pick<ReportContent, 'maps' | 'definitions'>> {
  const few = maps.every(({ layout }) => layout.ids.length <= MOST_DRAWN);
  const pictures = few && thumbnails !== false ? await thumbnailsIn(drawn, { signal }) : new Map();
  const pictureIds = pictureIdsOf(pictures);
  const figures: ReportMap[] = [];
  for (const [at, each] of drawn.entries()) {
    const title = maps[at]?.title ?? '';
    const caption = describeDrawings([{ ...each, title: undefined }]);
    const picture = few
      ? {
          svg: svgOf([{ ...each, title: undefined }], {
            title,
            description: caption,
            pictures,
            pictureIds,
            paint: REPORT_PAINT,
          }),
        }
      : { href: await dataUrlOf(await each.map.snapshot()) };
    figures.push({ title, picture, caption: captionOf(caption, maps[at]) });
  }
  return {
    maps: figures,
    definitions: pictures.size > 0 ? pictureDefinitions(pictures, pictureIds) : undefined,
  };
}

function captionOf(caption: string, map: ExportedMap | undefined): string {
  const explained = map?.layout.explained;
  if (!explained) return `${caption} The axes have no meaning of their own.`;
  const shares = explained.map((share) => `${(share * 100).toFixed(1)} %`).join(', ');
  return `${caption} Its directions explain ${shares} of the variance.`;
}

async function measure(job: Job): Promise<ReportContent['sections']> {
  const { metrics, ids, maps, spaces } = subjectsOnPage();
  const step = stepper(job, 2 + maps.length + spaces.length);

  const agreement = await step(askAgreement(metrics, ids));
  const correlations = await step(askCorrelations(metrics, ids));
  const honesties = [];
  for (const subject of maps) {
    honesties.push({ name: subject.name, honesty: await step(askHonesty(subject), subject.name) });
  }
  const facts = [];
  for (const subject of spaces) {
    const itemName = (row: number) => nameOf(subject.ids[row] ?? '');
    facts.push({ name: subject.name, space: await step(askSpace(subject), subject.name), itemName });
  }
  return [
    agreementSection(
      metrics.map(({ name }) => name),
      { agreement, correlations },
      (row) => nameOf(ids[row] ?? ''),
    ),
    honestySection(honesties),
    spaceSection(facts),
  ];
}

/** The matrix where it is on the page. */
async function matrixSections(): Promise<ReportContent['sections']> {
  const { shown } = readMatrix();
  if (!shown) return [];
  const figure = await drawnMatrix(shown, REPORT_PAINT);
  const svg = svgOfFigure(figure, REPORT_PAINT);
  return [
    {
      id: 'matrix',
      title: 'The distance matrix',
      intro:
        'Every cell is a pair of items. Blocks on the diagonal are groups whose items are near each other.',
      figures: [{ title: figure.title, picture: { svg }, caption: figure.description }],
      tables: [],
      readings: [],
    },
  ];
}

/** What all maps share, and a row a map of that in which they differ. */
function settingsOf(maps: readonly ExportedMap[]): Pick<ReportContent, 'settings' | 'differences'> {
  const { adapter, model, count: items, labels } = readApp();
  const columns: { readonly label: string; readonly values: readonly string[] }[] = [];
  const same = (name: string, of: (map: ExportedMap) => string | number): Setting[] => {
    const values = maps.map((map) => String(of(map)));
    const [first = 'none'] = values;
    if (values.every((value) => value === first)) return [[name, first]];
    columns.push({ label: name, values });
    return [];
  };
  const onUmap = (of: (map: ExportedMap) => number) => (map: ExportedMap) =>
    map.setting.projection === 'umap' ? String(of(map)) : 'none';
  const who = adapter && [adapter.vendor, adapter.architecture].filter(Boolean).join(' ');
  const settings: Setting[] = [
    ['Items in the collection', items.toLocaleString('en-US')],
    ...same('Items on the map', ({ layout }) => layout.ids.length),
    ...same('Model', ({ setting }) =>
      setting.space === 'vectors' ? 'none: ready-made vectors' : modelName(setting.model),
    ),
    ...(model && maps.some(({ setting }) => setting.space !== 'vectors')
      ? [['Version of the model in use', model.key] as const]
      : []),
    ...same('Space', ({ setting }) => setting.space),
    ...same('Metric', ({ setting }) => setting.metric),
    ...same('Projection', ({ setting }) => PROJECTION_NAMES[setting.projection]),
    ...same('Dimensions of the map', ({ setting }) => setting.dimensions),
    ...same(
      'UMAP: neighbors',
      onUmap(({ setting }) => setting.neighbors),
    ),
    ...same(
      'UMAP: least distance',
      onUmap(({ setting }) => setting.minDist),
    ),
    ...same(
      'UMAP: seed',
      onUmap(({ setting }) => setting.seed),
    ),
    ...(labels ? [['Labels', labels.labels.join(', ')] as const] : []),
    [
      'Computed on',
      adapter?.path === 'webgpu'
        ? `WebGPU (${who || 'adapter not named'}${adapter.isFallback ? ', in software' : ''})`
        : 'the processor',
    ],
    ['Nearfield', version],
  ];
  if (columns.length === 0) return { settings };
  const differences: ReportTable = {
    id: 'panes',
    title: 'In what the panes differ',
    columns: [{ label: 'Pane' }, ...columns.map(({ label }) => ({ label }))],
    rows: maps.map(({ letter }, at) => [letter, ...columns.map(({ values }) => values[at])]),
  };
  return { settings, differences };
}

/** As a program wants it. */
function paneData({ letter, title, setting, layout }: ExportedMap): unknown {
  const { ids, positions, dimensions, explained } = layout;
  const items =
    ids.length > MOST_DRAWN
      ? undefined
      : ids.map((id, row) => ({
          id,
          name: nameOf(id),
          kind: kindOf(id),
          position: Array.from(positions.subarray(row * dimensions, (row + 1) * dimensions)),
        }));
  return { letter, title, setting, explained, items };
}
