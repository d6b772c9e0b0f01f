/**
 * An ONNX file as a small graph and the places of its weights, read piece by piece: files of 2 GB hold graphs of 1 MB.
 * @see onnx.proto3 (ModelProto, GraphProto, TensorProto)
 */
import { concat } from '../bytes/concat';
import { AppError } from '../errors';
import { ProtobufWriter } from './protobuf';
import type { ByteSource } from './byte-source';
import { PieceReader, type Field } from './piece-reader';

/** Bytes of a weight, named as the graph names them: `length` from `offset` of the external file `location`. */
export interface OnnxTensor {
  location: string;
  offset: number;
  length: number;
  /** Where they lie in the ONNX file itself; undefined where `location` is a file beside it. */
  at?: number;
}

export interface SplitOnnx {
  /** The model without its weights. */
  graph: Uint8Array<ArrayBuffer>;
  tensors: OnnxTensor[];
}

const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_RAW_DATA = 9;
const TENSOR_EXTERNAL_DATA = 13;
const TENSOR_DATA_LOCATION = 14;
const EXTERNAL = 1;

/** Smaller tensors are shapes and scales, which the runtime wants in the graph. */
const MIN_MOVED_BYTES = 1024;
/** Exports of our families have graphs of some MB. */
const MAX_GRAPH_BYTES = 256 * 2 ** 20;
/** The runtime without JSPI reads 32 bits of an offset. */
const MAX_FILE_BYTES = 2 ** 31;

/** @throws AppError 'bad-file' where it is no ONNX file, ends too early, or keeps its weights where they cannot be read */
export async function splitOnnx(source: ByteSource): Promise<SplitOnnx> {
  const reader = new PieceReader(source);
  const places = new Places();
  const kept: Uint8Array[] = [];
  let graph: Uint8Array | undefined;
  while (reader.position < source.size) {
    const field = await reader.field(source.size);
    if (field.number === MODEL_GRAPH && field.isBytes) graph = await readGraph(reader, field, places);
    else kept.push(await reader.take(field));
  }
  if (!graph) throw new AppError('bad-file', `${source.name}: holds no graph; this is no ONNX file`);
  const model = concat([...kept, new ProtobufWriter().bytes(MODEL_GRAPH, graph).finish()]);
  return { graph: model, tensors: places.tensors };
}

async function readGraph(reader: PieceReader, { end }: Field, places: Places): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  while (reader.position < end) {
    const field = await reader.field(end);
    const isWeight = field.number === GRAPH_INITIALIZER && field.isBytes;
    const part = isWeight ? await readTensor(reader, field, places) : await reader.take(field);
    parts.push(part);
    bytes += part.length;
    if (bytes > MAX_GRAPH_BYTES)
      throw new AppError(
        'bad-file',
        `${reader.name}: its graph is larger than ${MAX_GRAPH_BYTES} bytes without weights`,
      );
  }
  return concat(parts);
}

/** An initializer: as it is where it is small or lies in another file, else without its bytes. */
async function readTensor(reader: PieceReader, { end }: Field, places: Places): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const external = new Map<string, string>();
  let moved: OnnxTensor | undefined;
  while (reader.position < end) {
    const field = await reader.field(end);
    const length = field.end - reader.position;
    if (field.number === TENSOR_RAW_DATA && field.isBytes && length >= MIN_MOVED_BYTES) {
      moved = places.move(reader.position, length);
      reader.skip(field);
      continue;
    }
    const bytes = await reader.take(field);
    parts.push(bytes);
    if (field.number === TENSOR_EXTERNAL_DATA && field.isBytes)
      readEntry(bytes.subarray(bytes.length - length), external);
  }
  if (external.size > 0) places.name(external, reader.name);
  if (moved) parts.push(externalFields(moved));
  return new ProtobufWriter().bytes(GRAPH_INITIALIZER, concat(parts)).finish();
}

function externalFields({ location, offset, length }: OnnxTensor): Uint8Array {
  const writer = new ProtobufWriter();
  for (const [key, value] of Object.entries({ location, offset, length }))
    writer.message(TENSOR_EXTERNAL_DATA, (entry) => entry.text(1, key).text(2, String(value)));
  return writer.integer(TENSOR_DATA_LOCATION, EXTERNAL).finish();
}

/** StringStringEntryProto: both texts are shorter than 128 bytes in every file that is not hostile. */
function readEntry(bytes: Uint8Array, into: Map<string, string>): void {
  const texts: string[] = [];
  for (let at = 0; at + 2 <= bytes.length && bytes[at + 1] < 128; at += 2 + bytes[at + 1])
    texts[bytes[at] >> 3] = new TextDecoder().decode(bytes.subarray(at + 2, at + 2 + bytes[at + 1]));
  if (texts[1] !== undefined) into.set(texts[1], texts[2] ?? '');
}

/** Where weights are to be found. */
class Places {
  readonly tensors: OnnxTensor[] = [];
  #file = 0;
  #end = 0;

  /** A place for bytes that move out of the graph, into a file that does not exist yet. */
  move(at: number, length: number): OnnxTensor {
    if (this.#end + length > MAX_FILE_BYTES) [this.#file, this.#end] = [this.#file + 1, 0];
    const tensor = { location: `gesso-weights-${this.#file}`, offset: this.#end, length, at };
    this.#end += length;
    this.tensors.push(tensor);
    return tensor;
  }

  name(entries: ReadonlyMap<string, string>, file: string): void {
    const location = entries.get('location') ?? '';
    const [offset, length] = ['offset', 'length'].map((key) =>
      Number(entries.get(key) ?? (key === 'offset' ? 0 : NaN)),
    );
    const isSound = location !== '' && Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length);
    if (!isSound || length < 0)
      throw new AppError('bad-file', `${file}: a weight lies in "${location}" without a sound offset and length`);
    this.tensors.push({ location: location.replace(/^\.\//, ''), offset, length });
  }
}
