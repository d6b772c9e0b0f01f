/** A pack that was made elsewhere, shard by shard into the store. */
import { AppError } from '../../core/errors';
import { assertPack, assertShard, shardsOf, writePack, type Pack } from '../../core/packs';
import type { PackStore } from '../../engine/ports';
import type { FetchedFile } from './fetch-job';
import { cancelled } from '../net/download-ports';
import type { Task } from './task';

/** @throws AppError 'missing-file', 'bad-file' naming the shard; nothing is stored then */
export async function storePack(
  pack: Pack,
  files: readonly FetchedFile[],
  packs: PackStore,
  task: Task,
): Promise<void> {
  assertPack(pack);
  const byName = new Map(files.map((file) => [file.name, file]));
  const shards = shardsOf(pack);
  const total = shards.reduce((sum, { byteLength }) => sum + byteLength, 0);
  await writePack(await packs.create(pack.id), async (draft) => {
    let done = 0;
    for (const shard of shards) {
      if (task.signal.aborted) throw cancelled();
      const file = byName.get(shard.file);
      if (!file)
        throw new AppError(
          'missing-file',
          `${pack.name}: ${shard.file} is not there. Choose pack.json and all its .bin files together, or the folder.`,
        );
      const bytes = new Uint8Array(await file.blob.arrayBuffer());
      assertShard(`${pack.name}: ${shard.file}`, bytes, shard, file.sha256);
      await draft.addShard(shard.file, bytes, shard.sha256);
      done += bytes.length;
      task.progress('importing', done, total);
    }
    return pack;
  });
}
