/** An importer for tests: one shard holds all the bytes there were, so that the test can tell them. */
import { sha256 } from '../../../core/math';
import type { Pack } from '../../../core/packs';
import type { ImportInput } from '../ports';

export async function stubImport({ sources, id, name, plan, draft, onProgress }: ImportInput): Promise<Pack> {
  const parts = await Promise.all(sources.map((source) => source.read(0, source.size)));
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  await draft.addShard('all-0.bin', bytes);
  onProgress(bytes.length, bytes.length);
  const shards = [{ file: 'all-0.bin', byteLength: bytes.length, sha256: sha256(bytes) }];
  const pack: Pack = {
    version: 1,
    ...{ id, name, plan, family: 'sd15', scheduler: {}, tokenizer: 'clip' },
    source: { name: sources.map((source) => source.name).join(' '), byteLength: bytes.length, layout: 'diffusers' },
    components: { unet: { config: {}, weights: {}, shards } },
  };
  await draft.commit(pack);
  return pack;
}
