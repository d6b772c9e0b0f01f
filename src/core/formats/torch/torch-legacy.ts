/** Reads what torch.save wrote before version 1.6: five pickles one after another, then the storages. */
import type { ByteSource } from '../byte-source';
import { DTYPE_BYTES, type TensorFile } from '../tensor-file';
import { unpickle } from './pickle';
import { findTensors, type StoragePlace } from './state-dict';
import { entriesOf, fail, inPickle, MAX_PICKLE_BYTES } from './torch-file';
import type { Global } from './pickle-values';
import { Storage, TorchHost, type TorchTensor } from './torch-objects';

/** torch/serialization.py MAGIC_NUMBER */
const MAGIC = 0x1950a86a20f9469cfc6cn;

/** @see torch/serialization.py _legacy_save @throws AppError 'bad-file' */
export async function readTorchLegacy(source: ByteSource): Promise<TensorFile> {
  const head = await source.read(0, Math.min(source.size, MAX_PICKLE_BYTES));
  const storages = new Map<string, Storage>();
  const { tensors, keys, end } = inPickle(source, () => readPickles(head, source, storages));
  const places = await placesOf(source, { storages, keys, start: end });
  return { source, format: 'torch', tensors: entriesOf(source, tensors, places), metadata: {} };
}

/** Notes every storage, as only its pickle says how wide its elements are. */
class NotingHost extends TorchHost {
  constructor(
    file: string,
    readonly storages: Map<string, Storage>,
  ) {
    super(file);
  }

  override persistent(id: unknown): Storage | Global {
    const found = super.persistent(id);
    if (found instanceof Storage) this.storages.set(found.key, found);
    return found;
  }
}

interface Pickles {
  tensors: Map<string, TorchTensor>;
  keys: unknown;
  end: number;
}

function readPickles(head: Uint8Array, source: ByteSource, storages: Map<string, Storage>): Pickles {
  const host = new NotingHost(source.name, storages);
  const magic = unpickle(head, 0, host);
  if (magic.value !== MAGIC) return fail(source, 'this is a pickle that torch did not write; it is no checkpoint');
  const version = unpickle(head, magic.end, host);
  const system = unpickle(head, version.end, host);
  if (system.value instanceof Map && system.value.get('little_endian') === false)
    return fail(source, 'its numbers are big-endian; save it again on a common computer');
  const object = unpickle(head, system.end, host);
  const keys = unpickle(head, object.end, host);
  return { tensors: findTensors(object.value), keys: keys.value, end: keys.end };
}

interface Layout {
  storages: ReadonlyMap<string, Storage>;
  keys: unknown;
  start: number;
}

/** Each storage: how many elements, then their bytes. */
async function placesOf(source: ByteSource, { storages, keys, start }: Layout): Promise<Map<string, StoragePlace>> {
  const places = new Map<string, StoragePlace>();
  if (!Array.isArray(keys)) return fail(source, 'its list of storages is missing; fetch it again');
  let at = start;
  for (const key of keys as unknown[]) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage?.dtype === undefined) return fail(source, 'its list of storages names one that is not there');
    if (at + 8 > source.size)
      return fail(source, 'it ends before its last tensor; the download is incomplete: fetch it again');
    const bytes = await source.read(at, 8);
    const count = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true));
    const byteLength = count * DTYPE_BYTES[storage.dtype];
    if (count !== storage.count)
      return fail(source, `a storage has ${count} elements but should have ${storage.count}`);
    if (at + 8 + byteLength > source.size)
      return fail(source, 'it ends before its last tensor; the download is incomplete: fetch it again');
    places.set(storage.key, { offset: at + 8, byteLength });
    at += 8 + byteLength;
  }
  return places;
}
