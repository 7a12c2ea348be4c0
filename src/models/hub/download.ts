import type { OnProgress } from '../../common/job.ts';
import { Sha256 } from '../../common/sha256.ts';
import type { FileSink } from '../store/model-store.ts';
import { DownloadFailed } from './errors.ts';
import { AGAIN, type Ask, receive } from './receive.ts';
import type { Wanted } from './request.ts';

export interface Download extends Ask {
  readonly url: string;
  /** What the file is called in messages. */
  readonly file: string;
  /** Where known, the file is held to it. */
  readonly expectedBytes?: number | undefined;
  /** Where known, in hex, the file is held to it. */
  readonly sha256?: string | undefined;
  /** In bytes; the total is 0 while it is not known. */
  readonly onProgress?: OnProgress | undefined;
}

/** What a file holds, counted while it came in. */
export interface Content {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Downloads a file whole into the sink, checked for size and SHA-256 while it comes in. The sink is closed only when all is right;
 * after any failure or a cancel it is aborted, so that nothing half is ever used.
 *
 * @throws {DownloadFailed} naming the file, the fault and what to do; what the sink throws; what the signal's reason is
 */
export async function downloadFile(download: Download, sink: FileSink): Promise<Content> {
  try {
    const content = await transfer(download, sink);
    await sink.close(content);
    return content;
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

async function transfer(
  { url, file, expectedBytes, sha256, onProgress, ...ask }: Download,
  sink: FileSink,
): Promise<Content> {
  const wanted: Wanted = { file, url };
  const hash = new Sha256();
  const bytes = await receive(wanted, ask, async (chunk, announced) => {
    hash.update(chunk);
    if (expectedBytes !== undefined && hash.length > expectedBytes) {
      const what = `is longer than the ${expectedBytes} bytes it should have`;
      throw new DownloadFailed(wanted, 'wrong size', what, CHANGED);
    }
    await sink.write(chunk);
    const total = expectedBytes ?? announced;
    onProgress?.(hash.length, Math.max(total, total && hash.length), `Downloading ${file}`);
  });
  if (expectedBytes !== undefined && bytes < expectedBytes) {
    throw new DownloadFailed(
      wanted,
      'cut off',
      `was cut off after ${bytes} of ${expectedBytes} bytes`,
      AGAIN,
    );
  }
  const found = hash.hex();
  if (sha256 !== undefined && found !== sha256.toLowerCase()) {
    const what = 'is not the file that was published (its SHA-256 differs)';
    throw new DownloadFailed(
      wanted,
      'wrong checksum',
      what,
      `It was damaged or changed on its way. ${AGAIN}`,
    );
  }
  return { bytes, sha256: found };
}

const CHANGED =
  'It was changed on the server, or something on the way puts another in its place. Choose the version anew, or another model.';
