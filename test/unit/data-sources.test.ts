import { expect, test } from 'vitest';
import { fromClipboard, fromDrop, fromFiles, type Source } from '../../src/data/sources.ts';

const file = (name: string) => new File([name], name, { type: 'image/png' });

/** The parts of the browser's entries that are used; Node has none. */
function fileEntry(fullPath: string, failure?: DOMException): FileSystemEntry {
  const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
  return {
    isFile: true,
    isDirectory: false,
    name,
    fullPath,
    file: (give: (file: File) => void, fail: (error: DOMException) => void) =>
      failure ? fail(failure) : give(file(name)),
  } as unknown as FileSystemEntry;
}

/** Gives its children in batches, as Chrome does by the hundred. */
function folderEntry(
  fullPath: string,
  batches: FileSystemEntry[][],
  failure?: DOMException,
): FileSystemEntry {
  const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
  const createReader = () => {
    const left = [...batches];
    return {
      readEntries: (give: (entries: FileSystemEntry[]) => void, fail: (error: DOMException) => void) =>
        failure ? fail(failure) : give(left.shift() ?? []),
    };
  };
  return { isFile: false, isDirectory: true, name, fullPath, createReader } as unknown as FileSystemEntry;
}

/** A drop whose entries are gone once the event is over, as in browsers. */
function drop(entries: FileSystemEntry[]): { transfer: DataTransfer; over: () => void } {
  let alive = true;
  const items = entries.map((entry) => ({
    kind: 'file',
    webkitGetAsEntry: () => (alive ? entry : null),
    getAsFile: () => null,
  }));
  return {
    transfer: { items } as unknown as DataTransfer,
    over: () => {
      alive = false;
    },
  };
}

async function all(sources: AsyncIterable<Source>): Promise<Source[]> {
  const found: Source[] = [];
  for await (const source of sources) found.push(source);
  return found;
}

test('a drop is walked to its leaves, every batch, after the event is over', async () => {
  const inner = folderEntry('/a/b', [
    [fileEntry('/a/b/2.png'), fileEntry('/a/b/.DS_Store')],
    [fileEntry('/a/b/3.png')],
  ]);
  const { transfer, over } = drop([folderEntry('/a', [[fileEntry('/a/1.png'), inner]]), fileEntry('/4.png')]);
  const sources = fromDrop(transfer);
  over();
  expect((await all(sources)).map(({ path }) => path)).toEqual([
    'a/1.png',
    'a/b/2.png',
    'a/b/3.png',
    '4.png',
  ]);
});

test('what cannot be opened is a source that fails, and the walk goes on', async () => {
  const denied = new DOMException('denied', 'NotReadableError');
  const { transfer } = drop([
    folderEntry('/locked', [], denied),
    fileEntry('/bad.png', denied),
    fileEntry('/good.png'),
  ]);
  const sources = await all(fromDrop(transfer));
  expect(sources.map(({ path }) => path)).toEqual(['locked', 'bad.png', 'good.png']);
  await expect(sources[0]?.blob()).rejects.toBe(denied);
  await expect(sources[1]?.blob()).rejects.toBe(denied);
  expect((await sources[2]?.blob())?.size).toBe('good.png'.length);
});

test('a picked folder keeps its paths', () => {
  const inFolder = Object.assign(file('x.png'), { webkitRelativePath: 'holiday/x.png' });
  expect(fromFiles([inFolder, file('y.png')]).map(({ name, path }) => [name, path])).toEqual([
    ['x.png', 'holiday/x.png'],
    ['y.png', 'y.png'],
  ]);
});

test('pasted text, and pasted pictures without the page they came from', () => {
  const clipboard = (files: File[]) =>
    ({ files, getData: (type: string) => (type === 'text/plain' ? 'words' : '') }) as unknown as DataTransfer;
  expect(fromClipboard(clipboard([]))).toEqual({ sources: [], text: 'words' });
  const { sources, text } = fromClipboard(clipboard([file('image.png'), file('cat.png')]));
  expect(text).toBe('');
  expect(sources.map(({ name, path }) => [name, path])).toEqual([
    ['pasted picture', 'pasted'],
    ['cat.png', 'cat.png'],
  ]);
});
