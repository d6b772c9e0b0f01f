/** Reads the header of a .safetensors file with suspicion: 8-byte length, JSON, then the tensors' bytes. */
import { AppError } from '../errors';
import type { ByteSource } from './byte-source';

/** Bytes of one element. @see huggingface/safetensors, format description: dtype names */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const satisfies Record<string, number>;

export type SafetensorsDtype = keyof typeof DTYPE_BYTES;

export interface TensorEntry {
  dtype: SafetensorsDtype;
  shape: number[];
  /** From the start of the file. */
  offset: number;
  byteLength: number;
}

export interface Safetensors {
  source: ByteSource;
  tensors: Map<string, TensorEntry>;
  metadata: Record<string, string>;
}

/** The reference implementation refuses longer headers; a full SDXL checkpoint's is about 0.3 MB. */
const MAX_HEADER_BYTES = 100_000_000;

/** The largest real dimension is a vocabulary of about 5·10⁴; beyond 2³² a product would lose exactness. */
const MAX_DIMENSION = 2 ** 32;

/** @throws AppError 'bad-file' naming the file, and the tensor where one is at fault */
export async function readSafetensors(source: ByteSource): Promise<Safetensors> {
  const fail = (what: string): never => {
    throw new AppError('bad-file', `${source.name}: ${what}`);
  };
  if (source.size < 8) fail(`the file has ${source.size} bytes, too few for a .safetensors file; fetch it again`);
  const head = await source.read(0, 8);
  const headerLength = Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
  if (headerLength > MAX_HEADER_BYTES)
    fail(
      `its header claims ${headerLength} bytes, more than a .safetensors file may have; this is another kind of file`,
    );
  if (8 + headerLength > source.size)
    fail(`its header needs ${8 + headerLength} bytes but the file has ${source.size}; the download is incomplete`);
  const header = parseHeader(await source.read(8, headerLength), fail);
  const dataStart = 8 + headerLength;
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    tensors.set(name, parseTensor(name, value, { dataStart, fileSize: source.size, fail }));
  }
  assertDisjoint(tensors, fail);
  return { source, tensors, metadata: parseMetadata(header['__metadata__']) };
}

type Fail = (what: string) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return fail(`its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    return fail('its header is not a JSON object');
  return header as Record<string, unknown>;
}

function parseTensor(
  name: string,
  value: unknown,
  { dataStart, fileSize, fail }: { dataStart: number; fileSize: number; fail: Fail },
): TensorEntry {
  const bad = (what: string): never => fail(`tensor "${name}" ${what}`);
  if (typeof value !== 'object' || value === null) return bad('has no description');
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype))
    return bad(`has dtype ${JSON.stringify(dtype)}; known are ${Object.keys(DTYPE_BYTES).join(', ')}`);
  if (!isSizes(shape) || !shape.every((n) => n <= MAX_DIMENSION)) return bad(`has shape ${JSON.stringify(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) return bad(`has data_offsets ${JSON.stringify(offsets)}`);
  const [begin, end] = offsets as [number, number];
  const byteLength = shape.reduce((product, n) => product * n, DTYPE_BYTES[dtype as SafetensorsDtype]);
  if (end - begin !== byteLength)
    return bad(`spans ${end - begin} bytes but ${dtype} [${shape.join(', ')}] needs ${byteLength}`);
  if (dataStart + end > fileSize)
    return bad(
      `ends at byte ${dataStart + end} but the file has ${fileSize}; the download is incomplete: fetch it again`,
    );
  return { dtype: dtype as SafetensorsDtype, shape, offset: dataStart + begin, byteLength };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0);
}

function assertDisjoint(tensors: Map<string, TensorEntry>, fail: Fail): void {
  const sorted = [...tensors].filter(([, t]) => t.byteLength > 0).sort(([, a], [, b]) => a.offset - b.offset);
  for (let i = 1; i < sorted.length; i++) {
    const [previousName, previous] = sorted[i - 1];
    const [name, tensor] = sorted[i];
    if (tensor.offset < previous.offset + previous.byteLength) fail(`tensors "${previousName}" and "${name}" overlap`);
  }
}

function parseMetadata(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
