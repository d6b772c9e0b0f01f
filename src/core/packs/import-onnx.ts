/** Ready-made ONNX files into a pack: graphs without weights, and the weights as they are, shard by shard. */
import { AppError } from '../errors';
import { splitOnnx, type ByteSource, type OnnxTensor } from '../formats';
import { PACK_VERSION, type OnnxParts, type Pack, type PackComponent } from './pack';
import type { ComponentId } from '../networks/components';
import type { ModelFamily } from '../families';
import { writePack, type PackDraft } from './pack-io';
import { ShardWriter } from './shard-writer';

/** A component's graph, and the files that it names. */
export interface OnnxFiles {
  graph: string;
  data?: readonly string[];
}

export interface OnnxImportInput {
  /** The files, with their paths in the repository as names. */
  sources: readonly ByteSource[];
  family: ModelFamily;
  components: Readonly<Partial<Record<ComponentId, OnnxFiles>>>;
  id: string;
  name: string;
  plan: string;
  draft: PackDraft;
  onProgress(doneBytes: number, totalBytes: number): void;
  signal?: { readonly aborted: boolean };
  /** Bytes of a shard: tests make small ones. */
  shardBytes?: number;
}

/**
 * The draft is committed at the end, and aborted on every failure. In memory: one shard and one weight.
 * @throws AppError 'bad-file', 'missing-file', 'quota', 'cancelled'
 */
export function importOnnx(input: OnnxImportInput): Promise<Pack> {
  return writePack(input.draft, () => toPack(input));
}

async function toPack(input: OnnxImportInput): Promise<Pack> {
  const total = input.sources.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const components: Pack['components'] = {};
  for (const [id, files] of Object.entries(input.components))
    components[id as ComponentId] = await importComponent(id, files, input, (bytes) => {
      done += bytes;
      input.onProgress(Math.min(done, total), total);
    });
  return {
    version: PACK_VERSION,
    id: input.id,
    name: input.name,
    family: input.family,
    plan: input.plan,
    source: { name: input.sources.map(({ name }) => name).join(', '), byteLength: total, layout: 'diffusers' },
    scheduler: {},
    tokenizer: 'clip',
    components,
  };
}

async function importComponent(
  id: string,
  { graph: path }: OnnxFiles,
  { sources, draft, signal, shardBytes }: OnnxImportInput,
  onBytes: (bytes: number) => void,
): Promise<PackComponent> {
  const source = named(sources, path);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const { graph, tensors } = await splitOnnx(source);
  const writer = new ShardWriter(draft, id, shardBytes);
  const kept: OnnxParts['tensors'] = [];
  for (const tensor of tensors) {
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    const bytes = await readTensor(tensor, tensor.at === undefined ? named(sources, folder + tensor.location) : source);
    kept.push({ location: tensor.location, offset: tensor.offset, data: await writer.put(bytes) });
    onBytes(bytes.length);
  }
  const onnx: OnnxParts = { graph: await writer.put(graph), tensors: kept };
  await writer.flush();
  return { config: {}, shards: writer.shards, weights: {}, onnx };
}

function readTensor({ at, offset, length }: OnnxTensor, source: ByteSource): Promise<Uint8Array<ArrayBuffer>> {
  const start = at ?? offset;
  if (start + length > source.size)
    throw new AppError(
      'bad-file',
      `${source.name}: a weight ends at byte ${start + length} but the file has ${source.size}; get it again`,
    );
  return source.read(start, length);
}

function named(sources: readonly ByteSource[], path: string): ByteSource {
  const found = sources.find(({ name }) => name === path);
  if (found) return found;
  throw new AppError('missing-file', `${path}: this file of the model is not there`);
}
