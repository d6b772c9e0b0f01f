/** What lies in a ZIP file, read piece by piece: its directory first, then each file when it is asked for (APPNOTE.TXT 6.3.10). */
import { inflateSync } from 'fflate';
import { crc32 } from '../../../core/bytes/crc32';
import { AppError } from '../../../core/errors';

export interface ZipEntry {
  name: string;
  /** The entry's bytes as they were, to the bit. @throws AppError 'bad-file' where it is damaged, or larger than any picture */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** A file's comment has 64 kB at most. */
const END_REACH = 22 + 0xffff;
/** "See the field of 64 bits." */
const FULL = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
/** Pictures of 100 megapixels are smaller; nothing longer is read into memory. */
const MOST_BYTES = 512 * 2 ** 20;

interface Place {
  method: number;
  /** CRC-32 of what was packed. */
  sum: number;
  size: number;
  packed: number;
  offset: number;
}

/** @throws AppError 'bad-file' where it is no ZIP file, or is cut off */
export async function readZip(file: Blob): Promise<ZipEntry[]> {
  const { offset, size } = await findDirectory(file);
  const view = await viewOf(file, offset, size);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= view.byteLength && view.getUint32(at, true) === CENTRAL;) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const name = new TextDecoder().decode(bytesOf(view, at + 46, nameLength));
    const place = placeOf(view, at, at + 46 + nameLength, extraLength);
    if (!name.endsWith('/')) entries.push({ name, read: () => readEntry(file, name, place) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

async function findDirectory(file: Blob): Promise<{ offset: number; size: number }> {
  const from = Math.max(0, file.size - END_REACH);
  const tail = await viewOf(file, from, file.size - from);
  for (let at = tail.byteLength - 22; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END) continue;
    const [size, offset] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
    if (offset !== FULL && size !== FULL) return { offset, size };
    if (at < 20 || tail.getUint32(at - 20, true) !== LOCATOR_64) throw damaged();
    const end = await viewOf(file, Number(tail.getBigUint64(at - 12, true)), 56);
    if (end.byteLength < 56 || end.getUint32(0, true) !== END_64) throw damaged();
    return { size: Number(end.getBigUint64(40, true)), offset: Number(end.getBigUint64(48, true)) };
  }
  throw damaged();
}

/** @param extra  where the extra fields begin: large sizes stand there */
function placeOf(view: DataView, at: number, extra: number, extraLength: number): Place {
  const place = {
    method: view.getUint16(at + 10, true),
    sum: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  for (let field = extra; field + 4 <= extra + extraLength; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let next = field + 4;
    for (const key of ['size', 'packed', 'offset'] as const) {
      if (place[key] !== FULL || next + 8 > field + 4 + view.getUint16(field + 2, true)) continue;
      place[key] = Number(view.getBigUint64(next, true));
      next += 8;
    }
  }
  return place;
}

async function readEntry(file: Blob, name: string, place: Place): Promise<Uint8Array<ArrayBuffer>> {
  const { size, packed, offset } = place;
  if (Math.max(size, packed) > MOST_BYTES) throw new AppError('bad-file', `${name}: it is larger than any picture.`);
  const head = await viewOf(file, offset, 30);
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL) throw damaged(name);
  const begin = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const bytes = new Uint8Array(await file.slice(begin, begin + packed).arrayBuffer());
  const whole = bytes.length === packed ? unpacked(bytes, place) : undefined;
  if (whole?.length !== size || crc32(whole) !== place.sum) throw damaged(name);
  return whole;
}

/** Undefined where it is damaged, or packed in a way that is not known here. */
function unpacked(bytes: Uint8Array<ArrayBuffer>, { method, size }: Place): Uint8Array<ArrayBuffer> | undefined {
  if (method === STORED) return bytes;
  if (method !== DEFLATED) return undefined;
  try {
    return inflateSync(bytes, { out: new Uint8Array(size) }) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    console.info('A file in a ZIP file is damaged.', error);
    return undefined;
  }
}

async function viewOf(file: Blob, from: number, length: number): Promise<DataView> {
  return new DataView(await file.slice(from, from + length).arrayBuffer());
}

function bytesOf(view: DataView, from: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + from, Math.max(0, Math.min(length, view.byteLength - from)));
}

function damaged(name?: string): AppError {
  return new AppError(
    'bad-file',
    name === undefined
      ? 'This is no ZIP file, or its end is missing.'
      : `${name}: it is damaged in this ZIP file, or packed in a way that is not known here.`,
  );
}
