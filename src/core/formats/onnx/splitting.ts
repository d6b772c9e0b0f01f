/** What the parts of an ONNX file are read and kept with while it streams by. */
import { AppError } from '../../errors';
import type { ProtobufWriter } from '../../graph/protobuf';
import type { ChunkReader } from './chunk-reader';
import type { ExternalRange } from './external-data';
import { WIRE } from './onnx-fields';
import type { ShardWriter } from './shard-writer';

export interface SplitOptions {
  /** How errors call it. */
  file: string;
  /** Name of the shard with this number: what the graph calls it. */
  nameOf(index: number): string;
  /** A shard is at most this long, unless one tensor alone is longer. */
  shardBytes?: number;
  /** Tensors below this stay in the graph. */
  minBytes?: number;
  /** Where tensors are that lie outside of the file already; they stay where they are if absent. */
  place?(range: ExternalRange): ExternalRange;
  /** A shard is whole: its bytes, in pieces that may be kept. */
  addShard(location: string, pieces: readonly Uint8Array[], byteLength: number): Promise<void>;
}

/** Without weights, the largest published graph (SDXL's U-Net) has some MB. */
export const MAX_GRAPH_BYTES = 128 * 1024 * 1024;

export interface Splitting extends SplitOptions {
  reader: ChunkReader;
  shards: ShardWriter;
  minBytes: number;
  external: ExternalRange[];
  /** Bytes that may still be kept in the graph. */
  budget: number;
}

export interface Field {
  number: number;
  wire: number;
}

export async function readTag(reader: ChunkReader): Promise<Field> {
  const tag = await reader.varint();
  const field = { number: Math.floor(tag / 8), wire: tag % 8 };
  if (field.number === 0 || !Object.values(WIRE).some((wire) => wire === field.wire))
    reader.fail('this is no field of an ONNX file');
  return field;
}

export async function readLength({ wire }: Field, reader: ChunkReader): Promise<number> {
  if (wire !== WIRE.bytes) reader.fail('this is no field of an ONNX file');
  return reader.varint();
}

/** Copies a field as it is, into the graph that is kept. */
export async function copyField(split: Splitting, { number, wire }: Field, to: ProtobufWriter): Promise<void> {
  const { reader } = split;
  if (wire === WIRE.varint) {
    spend(split, VARINT_BYTES);
    to.integer(number, await reader.varint64());
  } else if (wire === WIRE.bytes) to.bytes(number, await keep(split, await reader.varint()));
  else to.fixed(number, await keep(split, wire === WIRE.fourBytes ? 4 : 8));
}

export async function keep(split: Splitting, length: number): Promise<Uint8Array<ArrayBuffer>> {
  spend(split, length);
  return split.reader.bytes(length);
}

/** Most that a field with a small number takes. */
const VARINT_BYTES = 12;

function spend(split: Splitting, bytes: number): void {
  if (bytes > split.budget)
    throw new AppError(
      'unsupported-model',
      `${split.file}: its graph has more than ${MAX_GRAPH_BYTES / 2 ** 20} MB without the weights that can be taken out`,
    );
  split.budget -= bytes;
}
