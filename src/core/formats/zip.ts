/** The directory of a ZIP file, read by range: names, sizes and places. Nothing is unpacked. @see PKWARE APPNOTE 6.3.10 */
import { AppError } from '../errors';
import type { ByteSource } from './byte-source';

export interface ZipEntry {
  name: string;
  /** Whether its bytes lie in the file as they are. */
  isStored: boolean;
  byteLength: number;
  /** Where its local header begins, after which its bytes come. */
  headerOffset: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT = 65_535;
const END64_LOCATOR = 0x07064b50;
const END64_LOCATOR_BYTES = 20;
const END64 = 0x06064b50;
const END64_BYTES = 56;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_FIELD = 1;
const IN_ZIP64 = 0xffffffff;

/** An SDXL checkpoint has about 2 600 entries of some 100 bytes. */
const MAX_DIRECTORY_BYTES = 16_000_000;

/** @throws AppError 'bad-file' */
export async function readZipEntries(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const fail = failing(source);
  const { offset, byteLength } = await findDirectory(source, fail);
  if (byteLength > MAX_DIRECTORY_BYTES)
    fail(`its list of entries claims ${byteLength} bytes; at most ${MAX_DIRECTORY_BYTES} are read`);
  if (offset + byteLength > source.size)
    fail(`its list of entries ends at byte ${offset + byteLength} but the file has ${source.size}`);
  const bytes = await source.read(offset, byteLength);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at < byteLength;) {
    const { entry, next } = parseEntry(bytes, at, fail);
    if (entries.has(entry.name)) fail(`it has the entry "${entry.name}" twice`);
    entries.set(entry.name, entry);
    at = next;
  }
  return entries;
}

/** Where an entry's bytes begin. @throws AppError 'bad-file' when they leave the file */
export async function zipDataOffset(source: ByteSource, entry: ZipEntry): Promise<number> {
  const fail = failing(source);
  if (entry.headerOffset + LOCAL_BYTES > source.size) fail(`its entry "${entry.name}" begins behind its end`);
  const view = viewOf(await source.read(entry.headerOffset, LOCAL_BYTES));
  if (view.getUint32(0, true) !== LOCAL) fail(`its entry "${entry.name}" has no header`);
  const start = entry.headerOffset + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.byteLength > source.size)
    fail(`its entry "${entry.name}" ends at byte ${start + entry.byteLength} but the file has ${source.size}`);
  return start;
}

type Fail = (what: string) => never;

const failing =
  (source: ByteSource): Fail =>
  (what) => {
    throw new AppError('bad-file', `${source.name}: ${what}; the file is damaged: fetch it again`);
  };

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function findDirectory(source: ByteSource, fail: Fail): Promise<{ offset: number; byteLength: number }> {
  const length = Math.min(source.size, END_BYTES + MAX_COMMENT + END64_LOCATOR_BYTES);
  const tail = viewOf(await source.read(source.size - length, length));
  for (let at = length - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END || at + END_BYTES + tail.getUint16(at + 20, true) !== length) continue;
    const [byteLength, offset] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
    const isZip64 = byteLength === IN_ZIP64 || offset === IN_ZIP64 || tail.getUint16(at + 10, true) === 0xffff;
    return isZip64 ? findDirectory64(source, { tail, at: at - END64_LOCATOR_BYTES, fail }) : { offset, byteLength };
  }
  return fail('it has no list of its entries, which stands at the end');
}

async function findDirectory64(source: ByteSource, { tail, at, fail }: { tail: DataView; at: number; fail: Fail }) {
  if (at < 0 || tail.getUint32(at, true) !== END64_LOCATOR) return fail('its list of entries cannot be found');
  const place = big(tail, at + 8);
  if (place + END64_BYTES > source.size) return fail('its list of entries cannot be found');
  const end = viewOf(await source.read(place, END64_BYTES));
  if (end.getUint32(0, true) !== END64) return fail('its list of entries cannot be found');
  return { byteLength: big(end, 40), offset: big(end, 48) };
}

/** 64 bits; beyond 2⁵³ no longer exact, and far beyond any file. */
const big = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

function parseEntry(bytes: Uint8Array, at: number, fail: Fail): { entry: ZipEntry; next: number } {
  const view = viewOf(bytes);
  if (at + CENTRAL_BYTES > bytes.length || view.getUint32(at, true) !== CENTRAL)
    return fail('its list of entries is broken');
  const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
  const nameEnd = at + CENTRAL_BYTES + nameLength;
  const next = nameEnd + extraLength + view.getUint16(at + 32, true);
  if (next > bytes.length) return fail('its list of entries is broken');
  const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, nameEnd));
  if ((view.getUint16(at + 8, true) & 1) !== 0) return fail(`its entry "${name}" is encrypted`);
  const sizes = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  const [byteLength, packed, headerOffset] = widen(sizes, view, nameEnd, nameEnd + extraLength);
  const isStored = view.getUint16(at + 10, true) === 0 && packed === byteLength;
  return { entry: { name, isStored, byteLength, headerOffset }, next };
}

/** Sizes that do not fit into 32 bits stand in a field of their own, in this order. */
function widen(sizes: number[], view: DataView, start: number, end: number): number[] {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== ZIP64_FIELD) continue;
    const fieldEnd = Math.min(end, at + 4 + view.getUint16(at + 2, true));
    let from = at + 4;
    return sizes.map((size) => {
      if (size !== IN_ZIP64 || from + 8 > fieldEnd) return size;
      from += 8;
      return big(view, from - 8);
    });
  }
  return sizes;
}
