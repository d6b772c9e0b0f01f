/** The hashes under which infotexts and sites know an adapter's file. @see A1111 modules/hashes.py; kohya-ss/sd-scripts train_util.py addnet_hash */
import type { ByteSource, TensorFile } from '../formats';
import { Sha256, sha256 } from '../math';

export interface AdapterHashes {
  /** SHA-256 of the whole file. */
  sha256: string;
  /** Its first 10 digits: Civitai's AutoV2. */
  short: string;
  /** SHA-256 of all that follows the header of a .safetensors file, which renaming or new metadata leaves as it is. */
  addnet?: string;
  /** Its first 12 digits: A1111's "Lora hashes", Civitai's AutoV3. */
  addnetShort?: string;
  /** Hash of 64 KiB from 1 MiB on, 8 digits: A1111's first, Civitai's AutoV1. Absent for shorter files, whose would be that of nothing. */
  legacy?: string;
  /** What the file's metadata says of `addnet`. */
  stated?: string;
}

const PIECE_BYTES = 4 * 2 ** 20;
const [LEGACY_START, LEGACY_BYTES] = [0x100000, 0x10000];
/** SHA-256 of nothing: what ai-toolkit writes. @see ostris/ai-toolkit#130 */
const OF_NOTHING = 'e3b0c44298fc';

/** What is hashed: `format` is undefined of what is no file of tensors. */
type Hashed = Pick<TensorFile, 'source' | 'metadata'> & { format: TensorFile['format'] | undefined };

export async function hashesOf({ source, format, metadata }: Hashed): Promise<AdapterHashes> {
  const start = format === 'safetensors' ? await bodyStart(source) : undefined;
  const [whole, body] = [new Sha256(), new Sha256()];
  for (let at = 0; at < source.size; at += PIECE_BYTES) {
    const bytes = await source.read(at, Math.min(PIECE_BYTES, source.size - at));
    whole.update(bytes);
    if (start !== undefined && at + bytes.length > start) body.update(bytes.subarray(Math.max(start - at, 0)));
  }
  const hash = whole.hex();
  const legacy = await legacyOf(source);
  const addnet = body.hex();
  const stated = metadata['sshs_model_hash']?.toLowerCase();
  return {
    sha256: hash,
    short: hash.slice(0, 10),
    ...(start !== undefined && { addnet, addnetShort: addnet.slice(0, 12) }),
    ...(legacy !== undefined && { legacy }),
    ...(stated !== undefined && /^[0-9a-f]{8,64}$/.test(stated) && !stated.startsWith(OF_NOTHING) && { stated }),
  };
}

async function bodyStart(source: ByteSource): Promise<number> {
  const head = await source.read(0, 8);
  return 8 + Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
}

async function legacyOf(source: ByteSource): Promise<string | undefined> {
  const length = Math.min(LEGACY_BYTES, source.size - LEGACY_START);
  if (length <= 0) return undefined;
  return sha256(await source.read(LEGACY_START, length)).slice(0, 8);
}

/** Whether an infotext's hash, of any length from 8 digits on, is one of these. */
export function isHashOf(hashes: AdapterHashes, hash: string): boolean {
  const wanted = hash.trim().toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(wanted) || wanted.startsWith(OF_NOTHING.slice(0, wanted.length))) return false;
  return [hashes.sha256, hashes.addnet, hashes.stated, hashes.legacy].some((own) => own?.startsWith(wanted));
}
