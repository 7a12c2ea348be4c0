/** Something that may hold pictures or words: a file, an entry of a zip, a pasted picture. */
export interface Source {
  /** What a person calls it. */
  readonly name: string;
  /** Where it is: its path in the folder or zip that was dropped, or `pasted`, `sample`. */
  readonly path: string;
  /** In bytes; 0 where it is not known yet. */
  readonly size: number;
  /** Words that come with it. */
  readonly tags?: readonly string[];
  /** Its bytes. May reject: the file may have gone, the zip's entry may be damaged. */
  blob(): Promise<Blob>;
}

/** Files that were picked, singly or as a folder; a folder's files carry their path. */
export function fromFiles(files: Iterable<File>): Source[] {
  return Array.from(files, (file) => fromFile(file, file.webkitRelativePath || file.name));
}

/**
 * Everything that was dropped, folders with all that is in them. Must be called in the drop event itself: afterwards the
 * browser has taken the entries away. They are walked later, as the sources are asked for.
 */
export function fromDrop(transfer: DataTransfer): AsyncGenerator<Source> {
  const dropped = Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((entry) => entry !== null);
  return walk(dropped);
}

/** What was pasted: files, pictures without a name, and text. */
export function fromClipboard(clipboard: DataTransfer): { sources: Source[]; text: string } {
  const files = Array.from(clipboard.files);
  const sources = files.map((file) => {
    // Browsers call every copied picture image.png; the person knows that it was pasted.
    const nameless = /^image\.\w+$/.test(file.name);
    return nameless ? { ...fromFile(file, 'pasted'), name: 'pasted picture' } : fromFile(file, file.name);
  });
  // A copied picture often comes with the HTML or address it stood in; that is not what was meant.
  return { sources, text: files.length > 0 ? '' : clipboard.getData('text/plain') };
}

/** Files that systems leave in folders and zips, which nobody means to look at. */
export function isHidden(path: string): boolean {
  return path
    .split('/')
    .some((part) => /^(?:\.(?!\.?$)|__MACOSX$|Thumbs\.db$|ehthumbs\.db$|desktop\.ini$|~\$)/i.test(part));
}

/** Characters that nobody sees but that turn around or hide what stands beside them: `gnp.exe` reads `exe.png` behind one. */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** The same source under a name that reads as it is written. */
export function withPlainName(source: Source): Source {
  const name = source.name.replace(CONTROLS, '');
  const path = source.path.replace(CONTROLS, '');
  if (name === source.name && path === source.path) return source;
  return { ...source, name: name || 'unnamed', path: path || 'unnamed', blob: () => source.blob() };
}

function fromFile(file: File, path: string): Source {
  return { name: file.name, path, size: file.size, blob: () => Promise.resolve(file) };
}

async function* walk(entries: readonly (FileSystemEntry | File)[]): AsyncGenerator<Source> {
  for (const entry of entries) {
    if (entry instanceof File) yield fromFile(entry, entry.name);
    else if (isHidden(entry.fullPath)) continue;
    else if (isDirectory(entry)) yield* walkDirectory(entry);
    else if (isFile(entry)) yield await fromEntry(entry);
  }
}

async function* walkDirectory(directory: FileSystemDirectoryEntry): AsyncGenerator<Source> {
  const reader = directory.createReader();
  for (;;) {
    // A batch holds up to 100 entries in Chrome; an empty one is the end.
    let batch: FileSystemEntry[];
    try {
      batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    } catch (error) {
      yield unreadable(directory, error);
      return;
    }
    if (batch.length === 0) return;
    yield* walk(batch);
  }
}

async function fromEntry(entry: FileSystemFileEntry): Promise<Source> {
  const path = entry.fullPath.replace(/^\//, '');
  try {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return fromFile(file, path);
  } catch (error) {
    return unreadable(entry, error);
  }
}

/** It shows up among the failures with its name, like any other file that cannot be read. */
function unreadable(entry: FileSystemEntry, error: unknown): Source {
  const path = entry.fullPath.replace(/^\//, '');
  return { name: entry.name, path, size: 0, blob: () => Promise.reject(error) };
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
