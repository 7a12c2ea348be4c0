/** Small operations on the browser's own file system (https://fs.spec.whatwg.org/). */

/** Writes a file from its beginning, a chunk after the other. */
export interface FileWriter {
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  /** Lets go of the file; what it then holds is not defined. */
  abort(): Promise<void>;
}

/**
 * Opens a file for writing, empty. In workers through an access handle, which all browsers have there and which writes in place; on the
 * page through a writable stream, which older Safari has not.
 */
export async function openWriter(folder: FileSystemDirectoryHandle, name: string): Promise<FileWriter> {
  const handle = await folder.getFileHandle(name, { create: true });
  // The types say that both are always there.
  const { createSyncAccessHandle }: Partial<FileSystemFileHandle> = handle;
  if (createSyncAccessHandle) {
    const access = await createSyncAccessHandle.call(handle);
    access.truncate(0);
    let at = 0;
    return {
      async write(chunk) {
        let rest = chunk;
        while (rest.length > 0) {
          const written = access.write(rest, { at });
          if (written === 0) throw new DOMException('The disk took no more bytes.', 'QuotaExceededError');
          at += written;
          rest = rest.subarray(written);
        }
      },
      async close() {
        access.flush();
        access.close();
      },
      abort: async () => access.close(),
    };
  }
  const stream = await handle.createWritable();
  return { write: (chunk) => stream.write(chunk), close: () => stream.close(), abort: () => stream.abort() };
}

/** Writes a small file whole. A crash may leave it empty or cut off, which its reader must notice. */
export async function writeText(
  folder: FileSystemDirectoryHandle,
  name: string,
  text: string,
): Promise<void> {
  const writer = await openWriter(folder, name);
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    await quietly(writer.abort());
    throw error;
  }
}

/** The file, or undefined where there is none. */
export async function fileIn(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Deletes a file, or a folder with all in it; none is fine too. */
export async function remove(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name, { recursive: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** For tidying up behind what matters: a failure costs room, nothing else. */
export async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => {});
}

function isMissing(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}
