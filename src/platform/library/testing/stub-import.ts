/** An importer for tests: one shard holds all the bytes there were, so that the test can tell them. */
import { sha256 as digest } from '../../../core/math';
import type { ImportInput, Pack } from '../../../core/packs';

export async function stubImport({
  sources,
  id,
  name,
  plan,
  draft,
  onProgress,
  sha256,
  url,
}: ImportInput): Promise<Pack> {
  const parts = await Promise.all(sources.map((source) => source.read(0, source.size)));
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  await draft.addShard('all-0.bin', bytes);
  onProgress({ stage: 'weights', name: 'unet', done: bytes.length, total: bytes.length });
  const shards = [{ file: 'all-0.bin', byteLength: bytes.length, sha256: digest(bytes) }];
  const all = { shard: 0, offset: 0, byteLength: bytes.length };
  const pack: Pack = {
    version: 1,
    ...{ id, name, plan, family: 'sd15', scheduler: {}, tokenizer: 'clip' },
    source: {
      name: sources.map((source) => source.name).join(' '),
      byteLength: bytes.length,
      layout: 'diffusers',
      ...(sha256 && { sha256 }),
      ...(url && { url }),
    },
    // no weights of ours: a graph that brings its own
    components: { unet: { config: {}, weights: {}, shards, onnx: { graph: all, tensors: [] } } },
  };
  await draft.commit(pack);
  return pack;
}
