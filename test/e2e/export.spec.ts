import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { addVectors as addMore, expect, settle, start, test } from './page.ts';

const DIMENSION = 12;
const ROWS = 40;

async function addVectors(page: Page): Promise<void> {
  await page.evaluate(
    async ([rows, dimension]) => {
      const vectors = Float32Array.from({ length: rows * dimension }, (_, at) => {
        const noise = Math.sin(at * 12.9898) * 43_758.5453;
        return (noise - Math.floor(noise) - 0.4) * (1 + (Math.floor(at / dimension) % 5));
      });
      const ids = Array.from({ length: rows }, (_, row) =>
        row === 3 ? '<script>alert(1)</script>' : `Row ${row}`,
      );
      await window.nearfield.addVectors({ vectors, dimension, ids });
    },
    [ROWS, DIMENSION] as const,
  );
  await settle(page);
}

/** Of every row the others, nearest first. */
function ranked(distance: (a: number, b: number) => number): number[][] {
  const rows = [...Array(ROWS).keys()];
  return rows.map((a) =>
    rows.filter((b) => b !== a).sort((b, c) => distance(a, b) - distance(a, c) || b - c),
  );
}

/** Venna and Kaski's, as plainly as it can be written. */
function trustworthiness(inSpace: number[][], onMap: number[][], k: number): number {
  let penalty = 0;
  inSpace.forEach((order, row) => {
    for (const near of onMap[row]?.slice(0, k) ?? []) penalty += Math.max(0, order.indexOf(near) + 1 - k);
  });
  return 1 - (2 / (ROWS * k * (2 * ROWS - 3 * k - 1))) * penalty;
}

test('a report opens without a network and holds what is measured', async ({ page, context }) => {
  await start(page);
  expect(
    await page.evaluate(() => window.nearfield.exportAs('png').catch((error: unknown) => String(error))),
  ).toMatch(/The collection is empty/);
  await addVectors(page);
  const made = await page.evaluate(async () => {
    const { nearfield } = window;
    const { panes } = await nearfield.compare();
    const distances = await Promise.all(
      panes.map(async ({ setting: { metric } }) => [...(await nearfield.distances({ metric }))]),
    );
    const svg = await (await nearfield.exportAs('svg')).text();
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml');
    const neighbors = await (await nearfield.exportAs('neighbors', { k: 2 })).text();
    return {
      distances,
      positions: panes.map(({ positions }) => [...positions]),
      marks: drawn.querySelectorAll('.item').length,
      errors: drawn.querySelectorAll('parsererror, script').length,
      lines: neighbors.trim().split('\r\n').length,
      png: (await nearfield.exportAs('png')).size,
    };
  });
  expect([made.marks, made.errors, made.lines]).toEqual([4 * ROWS, 0, 1 + 4 * ROWS * 2]);
  expect(made.png).toBeGreaterThan(10_000);

  const atOnce = await page.evaluate(async () => {
    const { nearfield } = window;
    const svg = async () => (await nearfield.exportAs('svg')).size;
    const refused = await nearfield.compare([{}, { model: 'nope/none' }]).catch(String);
    const panes = document.querySelectorAll('.compare-pane').length;
    await nearfield.endCompare();
    const map = await svg();
    await nearfield.compare();
    return { refused, panes, map, compared: await svg() };
  });
  expect(atOnce.refused).toContain('panes[1].model is "nope/none"');
  expect(atOnce.panes).toBe(4);
  // Both are drawn right after they were asked for, before they are on the screen.
  expect(atOnce.compared).toBeGreaterThan(2 * atOnce.map);

  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /Report/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^nearfield-report-compare-4-panes-\d{4}-\d\d-\d\d-\d{4}\.html$/);
  const path = test.info().outputPath('report.html');
  await file.saveAs(path);
  expect(readFileSync(path, 'utf8').match(/<script/g)).toHaveLength(1);

  await context.setOffline(true);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  await expect(page.locator('.maps figure svg .item')).toHaveCount(4 * ROWS);

  const spaces = made.distances.map((all) => ranked((a, b) => all[a * ROWS + b] ?? 0));
  const maps = made.positions.map((xy) =>
    ranked((a, b) =>
      Math.hypot((xy[2 * a] ?? 0) - (xy[2 * b] ?? 0), (xy[2 * a + 1] ?? 0) - (xy[2 * b + 1] ?? 0)),
    ),
  );
  for (const [at, letter] of ['A', 'B', 'C', 'D'].entries()) {
    const name = new RegExp(`^${letter}: .*Trustworthiness`);
    const cells = page.getByRole('row', { name }).first().getByRole('cell');
    await expect(cells.nth(1)).toHaveText('15');
    await expect(cells.nth(2)).toHaveText(trustworthiness(spaces[at] ?? [], maps[at] ?? [], 15).toFixed(3));
  }
  const [cosine = [], euclidean = []] = spaces;
  const shared = cosine.flatMap((order, row) =>
    order.slice(0, 15).filter((near) => euclidean[row]?.slice(0, 15).includes(near)),
  );
  const overlap = page.locator('#agreement-matrix tbody tr').first().getByRole('cell').nth(1);
  await expect(overlap).toHaveText((shared.length / (15 * ROWS)).toFixed(3));
});

test('every view is a picture and a drawing, and colors of a measure come with their scale and values', async ({
  page,
}) => {
  await start(page);
  await addMore(page);
  await page.evaluate(() => window.nearfield.matrix({ order: 'cluster' }));
  await page.keyboard.press('r');
  await page.getByText('Honest map').click();
  await page.getByText('Continuity', { exact: true }).click();
  await expect(page.getByRole('region', { name: 'Colors of the map' })).toContainText('Continuity @15');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Drawing (SVG): The Shepard diagram' }).click();
  expect((await download).suggestedFilename()).toMatch(/^nearfield-shepard-cosine-umap-2d-.*\.svg$/);

  const found = await page.evaluate(async () => {
    const { nearfield } = window;
    const views = [];
    for (const view of ['map', 'matrix', 'shepard', 'histogram'] as const) {
      const svg = await (await nearfield.exportAs('svg', { view })).text();
      const { documentElement: drawn } = new DOMParser().parseFromString(svg, 'image/svg+xml');
      const { width } = await createImageBitmap(await nearfield.exportAs('png', { view }));
      views.push({
        view,
        stops: drawn.querySelectorAll('stop').length,
        images: drawn.querySelectorAll('image').length,
        texts: [...drawn.querySelectorAll('text')].map(({ textContent }) => textContent),
        sharpness: width / Number(drawn.getAttribute('width')),
      });
    }
    const report = await (await nearfield.exportAs('report')).text();
    const page = new DOMParser().parseFromString(report, 'text/html');
    const { honesty } = await nearfield.measures({ part: 'honesty' });
    const perItem = honesty[0]?.maps[0]?.sizes.find(({ k }) => k === 15)?.continuity.perItem;
    const table = await (await nearfield.exportAs('distances', { view: 'matrix' })).text();
    return {
      views,
      matrix: { ...(await nearfield.matrix()), rows: table.trim().split('\r\n') },
      closed: await nearfield.exportAs('svg', { view: 'playground' }).catch(String),
      figures: page.querySelectorAll('.figures figure svg').length,
      scale: page.querySelector('.scale')?.textContent,
      values: [...(perItem ?? [])],
      rows: (await (await nearfield.exportAs('positions')).text()).trim().split('\r\n'),
    };
  });
  const [map, matrix, shepard, histogram] = found.views;
  expect(map?.texts).toContain('Continuity @15');
  expect([map?.stops, matrix?.images, shepard?.images, histogram?.images]).toEqual([5, 1, 0, 0]);
  expect(matrix?.texts).toContain('Distance matrix: Cosine');
  expect(shepard?.texts.filter((text) => text === 'distance in the space')).toHaveLength(2);
  expect(histogram?.texts).toContain('Distances: Manhattan');
  for (const { sharpness } of found.views.slice(1)) expect(sharpness).toBeGreaterThan(1.9);
  const { ids, distances, rows } = found.matrix;
  expect(rows[0]).toBe(['metric', 'id', 'name', ...ids].join(','));
  const second = rows[2]?.split(',') ?? [];
  expect([second[0], second[1], Math.fround(Number(second[3]))]).toEqual([
    'cosine',
    ids[1],
    distances[ids.length],
  ]);
  expect(found.closed).toContain('The playground is closed');
  // A Shepard diagram, a histogram, and the matrix.
  expect(found.figures).toBe(3);
  expect(found.scale).toContain('Continuity @15');
  const column = found.rows[0]?.split(',').indexOf('Continuity @15') ?? -1;
  const written = found.rows.slice(1).map((row) => Math.fround(Number(row.split(',')[column])));
  expect(written).toEqual(found.values);

  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.keyboard.press('g');
  await page.getByRole('tab', { name: 'Strings' }).click();
  await page.getByRole('button', { name: 'Export the drawing' }).click();
  const strings = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Drawing (SVG)' }).click();
  const file = await (await strings).path();
  expect(readFileSync(file, 'utf8')).toContain('>Hamming distance 1 of 6 positions<');
  await page.getByRole('tab', { name: 'Two points' }).click();
  const plane = await page.evaluate(async () =>
    (await window.nearfield.exportAs('svg', { view: 'playground' })).text(),
  );
  expect(plane).toContain('Euclidean 3.606');
  expect(plane).not.toMatch(/ class=| tabindex=|var\(/);
});
