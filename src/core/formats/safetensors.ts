/** Reads the header of a .safetensors file with suspicion: 8-byte length, JSON, then the tensors' bytes without gaps. */
import { AppError } from '../errors';
import type { ByteSource } from './byte-source';
import { duplicateKey } from './duplicate-key';
import { DTYPE_BYTES, type TensorDtype, type TensorEntry, type TensorFile } from './tensor-file';

/**
 * A full SDXL checkpoint's header has 0.3 MB, and training notes in a LoRA's may have some more. The reference
 * implementation goes to 100 MB, which as objects would fill a phone's memory.
 */
const MAX_HEADER_BYTES = 32_000_000;

/** The largest real dimension is a vocabulary of about 5·10⁴; beyond 2³² a product would lose exactness. */
const MAX_DIMENSION = 2 ** 32;

/** torch's own limit is 64; a model's tensors have at most 5. */
const MAX_DIMENSIONS = 16;

const INCOMPLETE = 'the download is incomplete: fetch it again';

type Fail = (what: string) => never;

/** @throws AppError 'bad-file' naming the file, and the tensor where one is at fault */
export async function readSafetensors(source: ByteSource): Promise<TensorFile> {
  const fail: Fail = (what) => {
    throw new AppError('bad-file', `${source.name}: ${what}`);
  };
  if (source.size < 8) fail(`the file has ${source.size} bytes, too few for a .safetensors file; fetch it again`);
  const head = await source.read(0, 8);
  const headerLength = Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
  if (headerLength > MAX_HEADER_BYTES)
    fail(`its header claims ${headerLength} bytes, at most ${MAX_HEADER_BYTES} are read; this is another kind of file`);
  if (8 + headerLength > source.size)
    fail(`its header needs ${8 + headerLength} bytes but the file has ${source.size}; ${INCOMPLETE}`);
  const header = parseHeader(await source.read(8, headerLength), fail);
  const dataStart = 8 + headerLength;
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    tensors.set(name, parseTensor(name, value, { dataStart, fileSize: source.size, fail }));
  }
  assertTiled(tensors, { dataStart, fileSize: source.size, fail });
  return { source, format: 'safetensors', tensors, metadata: parseMetadata(header['__metadata__']) };
}

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  // Readers may take leading blanks for another file; the format has none. Blanks at the end are its padding.
  if (bytes[0] !== 0x7b) return fail('its header does not begin with "{"; this is another kind of file');
  const text = decodeHeader(bytes, fail);
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    return fail(`its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    return fail('its header is not a JSON object');
  const twice = duplicateKey(text);
  if (twice !== undefined) return fail(`its header has ${JSON.stringify(twice)} twice; the file is damaged`);
  return header as Record<string, unknown>;
}

function decodeHeader(bytes: Uint8Array, fail: Fail): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    return fail(`its header is not UTF-8 (${error instanceof Error ? error.message : String(error)})`);
  }
}

interface DataRange {
  dataStart: number;
  fileSize: number;
  fail: Fail;
}

function parseTensor(name: string, value: unknown, { dataStart, fileSize, fail }: DataRange): TensorEntry {
  const bad: Fail = (what) => fail(`tensor ${show(name)} ${what}`);
  if (typeof value !== 'object' || value === null) return bad('has no description');
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype))
    return bad(`has dtype ${show(dtype)}; known are ${Object.keys(DTYPE_BYTES).join(', ')}`);
  if (!isSizes(shape) || shape.length > MAX_DIMENSIONS || !shape.every((n) => n <= MAX_DIMENSION))
    return bad(`has shape ${show(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) return bad(`has data_offsets ${show(offsets)}`);
  const [begin, end] = offsets;
  const byteLength = shape.reduce((product, n) => product * n, DTYPE_BYTES[dtype as TensorDtype]);
  if (end - begin !== byteLength)
    return bad(`spans ${end - begin} bytes but ${dtype} [${shape.join(', ')}] needs ${byteLength}`);
  if (dataStart + end > fileSize)
    return bad(`ends at byte ${dataStart + end} but the file has ${fileSize}; ${INCOMPLETE}`);
  return { dtype: dtype as TensorDtype, shape, offset: dataStart + begin, byteLength };
}

/** Any JSON value, short enough for a sentence. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0);
}

/** The tensors must cover the data exactly, as the reference implementation demands: a gap is something that was lost. */
function assertTiled(tensors: Map<string, TensorEntry>, { dataStart, fileSize, fail }: DataRange): void {
  const sorted = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.byteLength - b.byteLength);
  let [end, before] = [dataStart, 'the header'];
  for (const [name, { offset, byteLength }] of sorted) {
    if (offset < end) fail(`${before} and tensor ${show(name)} overlap; the file is damaged`);
    if (offset > end)
      fail(`${offset - end} bytes between ${before} and tensor ${show(name)} are of no tensor; the file is damaged`);
    [end, before] = [offset + byteLength, `tensor ${show(name)}`];
  }
  if (end < fileSize)
    fail(`has ${fileSize - end} bytes after ${before} that are of no tensor; the file is damaged: fetch it again`);
}

function parseMetadata(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
