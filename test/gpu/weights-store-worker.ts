/** A worker that stores a model as the embedder's worker does; with `stopAfter` it stays in the middle of a file until it is ended. */

import { Sha256 } from '../../src/common/sha256.ts';
import { openOpfsStore } from '../../src/models/store/opfs-store.ts';

export interface Order {
  readonly name: string;
  readonly id: string;
  readonly chunks: number;
  readonly chunkBytes: number;
  readonly stopAfter?: number;
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  store(data).then(postMessage, (error: unknown) => postMessage(String(error)));
});

async function store(data: Order): Promise<'stopped' | 'finished'> {
  const models = await openOpfsStore(data.name);
  const draft = await models.draft({
    id: data.id,
    revision: '1',
    source: 'hub',
    address: 'x',
    precision: 'as published',
  });
  const sink = await draft.create('model.safetensors');
  const hash = new Sha256();
  for (let i = 0; i < data.chunks; i++) {
    if (i === data.stopAfter) return 'stopped';
    const chunk = new Uint8Array(data.chunkBytes).fill(i);
    hash.update(chunk);
    await sink.write(chunk);
  }
  await sink.close({ bytes: hash.length, sha256: hash.hex() });
  await draft.finish(['model.safetensors']);
  return 'finished';
}
