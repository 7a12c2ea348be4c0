/** The measures for scripts: the same questions and the same answers as in the panel. */
import { type Job, orAborted } from '../../common/job.ts';
import type { MetricId } from '../../metrics/engine.ts';
import { mainSetting } from '../compare/main-setting.ts';
import { PRESETS } from '../compare/setting.ts';
import type { MeasuredPart, Measures, MeasuresRequest } from '../handle.ts';
import { readApp, useApp } from '../store.ts';
import { answer } from './ask.ts';
import { askAgreement, askCorrelations, askHonesty, askSpace } from './questions.ts';
import { subjectOfMap, subjectsOfMetrics } from './subjects.ts';

type Ways = {
  readonly [Part in MeasuredPart]: (request: MeasuresRequest, job: Job) => Promise<Measures[Part]>;
};

const WAYS: Ways = {
  async agreement(request, job) {
    const { metrics, ids, subjects } = measuredOf(request);
    const found = await answer(askAgreement(subjects, ids), job);
    return {
      ...found,
      metrics,
      ids: [...ids],
      contested: [...found.contested].flatMap((row) => ids[row] ?? []),
    };
  },
  async correlations(request, job) {
    const { metrics, ids, subjects } = measuredOf(request);
    return { ...(await answer(askCorrelations(subjects, ids), job)), metrics, ids: [...ids] };
  },
  async honesty({ metrics, space }, job) {
    await orAborted(settled(), job.signal);
    const { placement } = readApp();
    if (!placement || placement.ids.length === 0) {
      throw new RangeError('No item has a place on the map yet. Add items, or await layout(), then measure.');
    }
    if (space !== undefined && space !== placement.space) {
      throw new RangeError(
        `The map shows the ${placement.space} space, and ${space} was asked for. Await layout({ space: "${space}" }), then measure.`,
      );
    }
    const used = metrics ?? [mainSetting().metric];
    const honesty = [];
    for (const metric of used) honesty.push(await answer(askHonesty(subjectOfMap(placement, metric)), job));
    return { metrics: [...used], ids: [...placement.ids], honesty };
  },
  async space(request, job) {
    const { metrics, ids, subjects } = measuredOf(request);
    const spaces = [];
    for (const subject of subjects) spaces.push(await answer(askSpace(subject), job));
    return { metrics, ids: [...ids], spaces };
  },
};

/** See the scripting handle. The answer is the caller's own: changing it changes nothing on the page. */
export async function measures<Part extends MeasuredPart>(
  request: MeasuresRequest<Part>,
  job: Job = {},
): Promise<Measures[Part]> {
  job.signal?.throwIfAborted();
  return structuredClone(await WAYS[request.part](request, job));
}

function measuredOf({ metrics, space }: MeasuresRequest) {
  const base = { ...mainSetting(), ...(space && { space }) };
  const used: MetricId[] = metrics ? [...metrics] : PRESETS.metrics(base).map(({ metric }) => metric);
  const subjects = subjectsOfMetrics(base, used);
  return { metrics: used, subjects, ids: subjects[0]?.ids ?? [] };
}

/** Until the map rests: what is measured of it while it moves is of no map that stays. */
function settled(): Promise<void> {
  if (!readApp().settling) return Promise.resolve();
  return new Promise((resolve) => {
    const end = useApp.subscribe(({ settling }) => {
      if (settling) return;
      end();
      resolve();
    });
  });
}
