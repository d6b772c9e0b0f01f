/** Reads what torch.save wrote, as .ckpt, .pt, .pth and .bin: the names and places of tensors. Runs nothing of it. */
import { AppError } from '../../errors';
import type { ByteSource } from '../byte-source';
import type { TensorEntry, TensorFile } from '../tensor-file';
import { readZipEntries, zipDataOffset, type ZipEntry } from '../zip';
import { unpickle } from './pickle';
import { PickleError } from './pickle-error';
import { findTensors, tensorEntry, type StoragePlace } from './state-dict';
import { TorchHost, type TorchTensor } from './torch-objects';

/** The pickle of an SDXL checkpoint has 0.5 MB. */
export const MAX_PICKLE_BYTES = 16_000_000;

/** Local headers that are read at once. */
const BATCH = 64;

/**
 * A ZIP archive: data.pkl, and one entry of raw bytes a storage ("archive/data/17").
 * @see torch/serialization.py _save; caffe2/serialize/inline_container.cc
 * @throws AppError 'bad-file'
 */
export async function readTorchZip(source: ByteSource): Promise<TensorFile> {
  const entries = await readZipEntries(source);
  const pickle = [...entries.values()].find(({ name }) => /(^|\/)data\.pkl$/.test(name));
  if (!pickle) return fail(source, notTorch(entries));
  const root = pickle.name.slice(0, -'data.pkl'.length);
  if ([...entries.keys()].some((name) => name.startsWith(`${root}code/`)))
    return fail(source, 'this is a TorchScript program, not a checkpoint: not opened');
  await assertLittleEndian(source, entries.get(`${root}byteorder`));
  const bytes = await readWhole(source, pickle, MAX_PICKLE_BYTES);
  const tensors = inPickle(source, () => findTensors(unpickle(bytes, 0, new TorchHost(source.name)).value));
  const places = await placesOf(source, { tensors, entries, root });
  return { source, format: 'torch', tensors: entriesOf(source, tensors, places), metadata: {} };
}

function notTorch(entries: ReadonlyMap<string, ZipEntry>): string {
  const model = [...entries.keys()].find((name) => /\.(safetensors|ckpt|pt|bin)$/i.test(name));
  return model === undefined
    ? 'this is an archive (ZIP) without a model in it'
    : `this is an archive (ZIP); unpack it and open "${model.slice(0, 100)}"`;
}

async function assertLittleEndian(source: ByteSource, entry: ZipEntry | undefined): Promise<void> {
  if (!entry) return;
  const order = new TextDecoder().decode(await readWhole(source, entry, 16));
  if (order !== 'little') fail(source, 'its numbers are big-endian; save it again on a common computer');
}

async function readWhole(source: ByteSource, entry: ZipEntry, most: number): Promise<Uint8Array> {
  if (!entry.isStored)
    return fail(source, `its entry "${entry.name}" is compressed, which torch never does; save it again with torch`);
  if (entry.byteLength > most)
    return fail(source, `its entry "${entry.name}" claims ${entry.byteLength} bytes; at most ${most} are read`);
  return source.read(await zipDataOffset(source, entry), entry.byteLength);
}

/** @throws AppError 'bad-file' with the pickle's fault, or naming the code in it */
export function inPickle<Value>(source: ByteSource, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof PickleError) return fail(source, `its pickle is damaged (${error.message}); fetch it again`);
    throw error;
  }
}

interface Archive {
  tensors: ReadonlyMap<string, TorchTensor>;
  entries: ReadonlyMap<string, ZipEntry>;
  root: string;
}

async function placesOf(source: ByteSource, { tensors, entries, root }: Archive): Promise<Map<string, StoragePlace>> {
  const keys = [...new Set([...tensors.values()].map(({ storage }) => storage.key))];
  const places = new Map<string, StoragePlace>();
  for (let i = 0; i < keys.length; i += BATCH)
    await Promise.all(
      keys.slice(i, i + BATCH).map(async (key) => {
        const entry = entries.get(`${root}data/${key}`);
        if (!entry) return;
        if (!entry.isStored)
          fail(source, `its entry "${entry.name}" is compressed, which torch never does; save it again with torch`);
        places.set(key, { offset: await zipDataOffset(source, entry), byteLength: entry.byteLength });
      }),
    );
  return places;
}

/** @throws AppError 'bad-file' naming the tensor */
export function entriesOf(
  source: ByteSource,
  tensors: ReadonlyMap<string, TorchTensor>,
  places: ReadonlyMap<string, StoragePlace>,
): Map<string, TensorEntry> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const place = places.get(tensor.storage.key);
      if (!place)
        return fail(source, `tensor ${JSON.stringify(name.slice(0, 120))} has no bytes in it; fetch it again`);
      return [name, tensorEntry(tensor, place, { file: source.name, name })];
    }),
  );
}

export function fail(source: ByteSource, what: string): never {
  throw new AppError('bad-file', `${source.name}: ${what}`);
}
