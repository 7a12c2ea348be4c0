import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDecoder, type Decoder } from '../../src/data/decoder.ts';
import { type IntakeEvent, intake } from '../../src/data/intake.ts';
import { loadSamples } from '../../src/data/samples.ts';
import { fromFiles } from '../../src/data/sources.ts';

const preparation = { size: 32, crop: 0.875 };
let decoder: Decoder;
beforeAll(() => {
  decoder = createDecoder(2);
});
afterAll(() => decoder.dispose());

test('the sample set goes in whole, with its names and tags', async () => {
  const heard: number[] = [];
  const sources = await loadSamples('/samples/', { onProgress: (done) => heard.push(done) });
  expect(heard.at(-1)).toBeGreaterThan(1_000_000);
  // Every twelfth, and the words: the same code reads all others, and tests should be quick.
  const some = sources.filter((source, i) => i % 12 === 0 || source.name === 'words.txt');
  const events: IntakeEvent[] = [];
  for await (const event of intake(some, { known: () => false, preparation, decoder })) events.push(event);
  expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
  const pictures = events.filter((event) => event.type === 'picture');
  expect(pictures.length).toBe(some.length - 1);
  expect(pictures[0]?.item).toMatchObject({ name: 'monkey', source: 'sample', tags: ['animal', 'banana'] });
  for (const { item, thumbnail, model } of pictures) {
    expect(Math.max(item.width, item.height)).toBe(192);
    expect(Math.max(thumbnail.width, thumbnail.height)).toBe(128);
    // Something is drawn on the white: no sample is blank.
    expect(model.data.some((value) => value < 200)).toBe(true);
  }
  const words = events.filter((event) => event.type === 'text');
  expect(words.length).toBe(40);
  expect(words[0]?.item).toMatchObject({ text: 'animal', source: 'sample' });
});

test('damaged pictures of every format fail alone, with a sentence', async () => {
  const names = ['halves.png', 'halves.jpg', 'halves.bmp', 'halves.webp', 'halves.avif', 'halves.gif'];
  const files: File[] = [];
  for (const name of names) {
    const whole = new Uint8Array(
      await (await fetch(new URL(`../fixtures/data/${name}`, import.meta.url))).arrayBuffer(),
    );
    for (const share of [0.1, 0.5, 0.9])
      files.push(new File([whole.slice(0, whole.length * share)], `${share} ${name}`));
    // Noise behind a header that is whole.
    files.push(
      new File([whole.map((byte, i) => (i > whole.length * 0.6 ? (i * 37) & 255 : byte))], `noise ${name}`),
    );
  }
  const whole = await (await fetch(new URL('../fixtures/data/halves.png', import.meta.url))).blob();
  files.push(new File([whole], 'whole.png'));
  const events: IntakeEvent[] = [];
  for await (const event of intake(fromFiles(files), { known: () => false, preparation, decoder }))
    events.push(event);
  expect(events.length).toBe(files.length);
  expect(events.at(-1)).toMatchObject({ type: 'picture', item: { name: 'whole.png' } });
  const failures = events.filter((event) => event.type === 'failed');
  // A decoder may show what there is of a picture; but with a tenth of it there is nothing.
  expect(failures.length).toBeGreaterThanOrEqual(names.length);
  // A sentence that names the file, never an error of ours or the browser's own words.
  for (const { failure } of failures) {
    expect(failure.reason.startsWith(failure.name)).toBe(true);
    expect(failure.reason).toMatch(
      / (?:is cut short|is a damaged|is damaged|is not a picture|is a text file|is [\d,]+ × [\d,]+ pixels)/,
    );
  }
});

test('a drawing with HTML inside goes in, as Illustrator writes them', async () => {
  const html = '<p xmlns="http://www.w3.org/1999/xhtml">x</p>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><foreignObject width="9" height="9">${html}</foreignObject><rect width="9" height="9" fill="red"/></svg>`;
  const events: IntakeEvent[] = [];
  const sources = fromFiles([new File([svg], 'page.svg')]);
  for await (const event of intake(sources, { known: () => false, preparation, decoder })) events.push(event);
  expect(events).toMatchObject([{ type: 'picture', item: { name: 'page.svg', width: 9 } }]);
  const [event] = events;
  expect(event?.type === 'picture' && Array.from(event.model.data.subarray(0, 4))).toEqual([255, 0, 0, 255]);
});
