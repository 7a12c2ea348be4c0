import { type Remote, transfer, wrap } from 'comlink';
import type { PicturePreparation } from '../common/image.ts';
import type { DecodeWorkerApi } from './decode-worker.ts';
import { UnreadableFile } from './errors.ts';
import type { Identified } from './identify.ts';
import { LIMITS } from './limits.ts';
import type { DecodedPicture } from './raster.ts';
import { rasterizeSvg } from './svg-raster.ts';

/** A file that has been named and hashed but not decoded. Call `decode` or `close`, once. */
export interface OpenedFile {
  readonly identified: Identified;
  /** @throws {UnreadableFile} when it is no picture after all */
  decode(preparation: PicturePreparation): Promise<DecodedPicture>;
  close(): void;
}

/** Names, hashes and decodes files in workers. */
export interface Decoder {
  /** Files worth handing in at once: more would only wait in memory. */
  readonly ahead: number;
  /** Rejects only when the file cannot be read. */
  open(file: Blob, name: string): Promise<OpenedFile>;
  dispose(): void;
}

interface Member {
  readonly worker: Worker;
  readonly remote: Remote<DecodeWorkerApi>;
  /** Rejects when the worker has died, for instance for want of memory. */
  readonly died: Promise<never>;
  calls: number;
}

/** @param workers  1 to 4; a core is left to the page and one to the model where there are so many */
export function createDecoder(
  workers = Math.min(4, Math.max(1, navigator.hardwareConcurrency - 2)),
): Decoder {
  const members: Member[] = [];
  const pixels = createBudget(LIMITS.pixelsInDecoding);
  let disposed = false;

  const remove = (member: Member) => {
    const at = members.indexOf(member);
    if (at >= 0) members.splice(at, 1);
    member.worker.terminate();
  };
  const add = (): Member => {
    const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' });
    const died = new Promise<never>((_, reject) => {
      worker.addEventListener('error', () => {
        remove(member);
        reject(
          new UnreadableFile('could not be decoded: the browser ran out of memory or stopped the decoder'),
        );
      });
    });
    died.catch(() => undefined); // heard by whoever waits on a call; nobody need be waiting
    const member: Member = { worker, remote: wrap<DecodeWorkerApi>(worker), died, calls: 0 };
    members.push(member);
    return member;
  };
  const least = (): Member => {
    if (disposed) throw new Error('The decoder was disposed.');
    const free = members.reduce<Member | undefined>((a, b) => (a && a.calls <= b.calls ? a : b), undefined);
    return free && (free.calls === 0 || members.length >= workers) ? free : add();
  };
  const call = async <T>(
    member: Member,
    act: (remote: Remote<DecodeWorkerApi>) => Promise<T>,
  ): Promise<T> => {
    member.calls++;
    try {
      return await Promise.race([act(member.remote), member.died]);
    } finally {
      member.calls--;
    }
  };

  const decode = async (
    member: Member,
    file: Blob,
    ticket: number,
    identified: Identified,
    preparation: PicturePreparation,
  ): Promise<DecodedPicture> => {
    if (identified.kind !== 'picture') throw new Error('Only pictures are decoded.');
    const { size, format } = identified;
    if (format === 'svg') {
      void member.remote.forget(ticket);
      const bitmap = await rasterizeSvg(file, size, Math.ceil(preparation.size / preparation.crop));
      return {
        ...(await call(member, (remote) => remote.renderBitmap(transfer(bitmap, [bitmap]), preparation))),
        ...wholeSize(size),
      };
    }
    const release = await pixels.take(size.width * size.height);
    try {
      return await call(member, (remote) => remote.render(ticket, preparation));
    } catch (error) {
      if (error instanceof UnreadableFile) throw error;
      throw new UnreadableFile(
        'is a damaged picture: its header is whole, but the browser cannot decode the rest',
      );
    } finally {
      release();
    }
  };

  return {
    ahead: workers * 2,
    async open(file, name) {
      const member = least();
      const { identified, ticket } = await call(member, (remote) => remote.identify(file, name));
      return {
        identified,
        decode: (preparation) => decode(member, file, ticket, identified, preparation),
        close: () => void member.remote.forget(ticket),
      };
    },
    dispose() {
      disposed = true;
      for (const member of [...members]) remove(member);
    },
  };
}

function wholeSize({ width, height }: { width: number; height: number }): { width: number; height: number } {
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

interface Budget {
  /** Waits until so much is free, in the order of asking. @returns the function that gives it back */
  take(amount: number): Promise<() => void>;
}

/** What asks for more than there is gets all of it, alone. */
function createBudget(total: number): Budget {
  let free = total;
  const queue: { amount: number; start: () => void }[] = [];
  const next = () => {
    for (let first = queue[0]; first && first.amount <= free; first = queue[0]) {
      queue.shift();
      free -= first.amount;
      first.start();
    }
  };
  return {
    take(asked) {
      const amount = Math.min(asked, total);
      return new Promise((resolve) => {
        const start = () =>
          resolve(() => {
            free += amount;
            next();
          });
        queue.push({ amount, start });
        next();
      });
    },
  };
}
