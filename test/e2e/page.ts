import { readFileSync } from 'node:fs';
import { test as base, expect, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';

/** Every test fails on an error in the console or on the page, unless it says which one it expects. */
export const test = base.extend<{ page: Page; expectedErrors: RegExp[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from a pattern
  expectedErrors: async ({}, use) => use([]),
  page: async ({ page, expectedErrors }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await use(page);
    expect(errors.filter((text) => !expectedErrors.some((expected) => expected.test(text)))).toEqual([]);
  },
});

export { expect };

/** A file as Playwright gives it to an input. */
export interface PlainFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

interface Sample {
  readonly file: string;
  readonly name: string;
  readonly tags: readonly string[];
}

const samples: readonly Sample[] = JSON.parse(readFileSync('public/samples/samples.json', 'utf8')).pictures;
const archive = unzipSync(new Uint8Array(readFileSync('public/samples/samples.zip')));

/** Real pictures by name, from the set that ships. */
export function pictures(...names: string[]): PlainFile[] {
  return names.map((name) => {
    const sample = samples.find((candidate) => candidate.name === name);
    const bytes = sample && archive[sample.file];
    if (!bytes) throw new Error(`The sample set has no picture called ${name}.`);
    return { name: `${name}.webp`, mimeType: 'image/webp', buffer: Buffer.from(bytes) };
  });
}

export async function start(page: Page, query = ''): Promise<void> {
  await page.goto(`/${query}`);
  await page.evaluate(() => window.nearfield.ready);
}

/** Drops files on an element as a person does: the page sees a drag, then a drop. */
export async function drop(page: Page, selector: string, files: readonly PlainFile[]): Promise<void> {
  const plain = files.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    base64: buffer.toString('base64'),
  }));
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, plain);
  for (const event of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent(selector, event, { dataTransfer: transfer });
  }
}

/** Waits until nothing is being computed and the map has drawn its last frame. */
export async function settle(page: Page): Promise<void> {
  await expect(page.locator('.job')).toHaveCount(0, { timeout: 110_000 });
  await expect(page.getByText('Settling…')).toHaveCount(0);
}

/** Share of the map's pixels, between 0 and 1, that differ clearly from its background. */
export async function inkOnMap(page: Page): Promise<number> {
  const png = await page.locator('.map-host').screenshot();
  return page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (!context) throw new Error('no 2D canvas');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const corner = [...data.slice(-4)];
    let ink = 0;
    for (let at = 0; at < data.length; at += 4) {
      const far = [0, 1, 2].some((c) => Math.abs((data[at + c] ?? 0) - (corner[c] ?? 0)) > 40);
      if (far) ink++;
    }
    return ink / (data.length / 4);
  }, png.toString('base64'));
}

/** Adds 60 vectors of very different lengths, so that the metrics disagree; on request one of them is there twice. */
export async function addVectors(page: Page, { twice = false } = {}): Promise<void> {
  await page.evaluate(async (twice) => {
    const dimension = 24;
    const rows = 60;
    const vectors = Float32Array.from({ length: rows * dimension }, (_, at) => {
      const noise = Math.sin(at * 12.9898) * 43_758.5453;
      return (noise - Math.floor(noise) - 0.4) * (1 + (Math.floor(at / dimension) % 5));
    });
    if (twice) vectors.copyWithin(7 * dimension, 3 * dimension, 4 * dimension);
    await window.nearfield.addVectors({ vectors, dimension });
  }, twice);
  await settle(page);
}

/** Counts from now on the workers that the page starts, of one name or all; to be called before the page is opened. */
export async function countWorkers(page: Page, name?: string): Promise<() => Promise<number>> {
  await page.addInitScript((wanted) => {
    const Plain = window.Worker;
    let started = 0;
    window.Worker = class extends Plain {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (wanted === undefined || options?.name === wanted)
          document.documentElement.dataset.workers = String(++started);
      }
    };
  }, name);
  return () => page.evaluate(() => Number(document.documentElement.dataset.workers ?? 0));
}
