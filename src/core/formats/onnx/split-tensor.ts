/** One initialiser of an ONNX graph: its bytes go to a shard where they are many, and the graph says where they are. */
import { ProtobufWriter } from '../../graph/protobuf';
import { readExternalEntries, type ExternalRange } from './external-data';
import { ENTRY, EXTERNAL, FLOAT, KEPT_TYPES, TENSOR, WIRE } from './onnx-fields';
import { copyField, keep, readLength, readTag, type Field, type Splitting } from './splitting';

/** A shard is in memory until it is whole, and no browser's buffer is longer. */
const MAX_TENSOR_BYTES = 2 ** 31 - 1;

interface Tensor {
  minBytes: number;
  /** Everything but the bytes and their place. */
  rest: ProtobufWriter;
  type: number | undefined;
  place: ExternalRange | undefined;
  isExternal: boolean;
  entries: Map<string, string>;
}

/**
 * @param minBytes tensors below this keep their bytes
 * @returns the TensorProto for the graph that is kept
 */
export async function splitTensor(
  split: Splitting,
  length: number,
  minBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { reader } = split;
  const end = reader.position + length;
  const tensor: Tensor = {
    minBytes,
    rest: new ProtobufWriter(),
    type: undefined,
    place: undefined,
    isExternal: false,
    entries: new Map(),
  };
  while (reader.position < end) await readField(split, tensor, await readTag(reader));
  if (reader.position !== end) reader.fail('a field is longer than the tensor that it is in');
  return finished(split, tensor);
}

async function readField(split: Splitting, tensor: Tensor, field: Field): Promise<void> {
  const { reader } = split;
  switch (field.number) {
    case TENSOR.dataType:
      if (field.wire !== WIRE.varint) reader.fail('a tensor has no type');
      tensor.type = await reader.varint();
      tensor.rest.integer(TENSOR.dataType, tensor.type);
      return;
    case TENSOR.dataLocation:
      tensor.isExternal = (await reader.varint()) === EXTERNAL;
      return;
    case TENSOR.externalData: {
      const [key, value] = await readEntry(split, await readLength(field, reader));
      tensor.entries.set(key, value);
      return;
    }
    case TENSOR.rawData:
      return takeBytes(split, tensor, field);
    case TENSOR.floatData:
      // packed floats are the same bytes as raw ones
      return field.wire === WIRE.bytes && tensor.type === FLOAT
        ? takeBytes(split, tensor, field)
        : copyField(split, field, tensor.rest);
    default:
      return copyField(split, field, tensor.rest);
  }
}

async function takeBytes(split: Splitting, tensor: Tensor, field: Field): Promise<void> {
  const { reader, shards } = split;
  const length = await readLength(field, reader);
  if (length < tensor.minBytes || tensor.type === undefined || KEPT_TYPES.has(tensor.type) || tensor.place) {
    tensor.rest.bytes(field.number, await keep(split, length));
    return;
  }
  if (length > MAX_TENSOR_BYTES)
    reader.fail(`a tensor has ${length} bytes; at most ${MAX_TENSOR_BYTES} are read, and no runtime takes more`);
  tensor.place = await shards.place(length);
  await reader.pieces(length, (piece) => shards.add(piece));
}

/** A StringStringEntryProto. */
async function readEntry(split: Splitting, length: number): Promise<[key: string, value: string]> {
  const { reader } = split;
  const texts: Record<number, string> = {};
  const end = reader.position + length;
  while (reader.position < end) {
    const field = await readTag(reader);
    texts[field.number] = new TextDecoder().decode(await keep(split, await readLength(field, reader)));
  }
  return [texts[ENTRY.key] ?? '', texts[ENTRY.value] ?? ''];
}

function finished(split: Splitting, tensor: Tensor): Uint8Array<ArrayBuffer> {
  if (tensor.isExternal && !tensor.place) {
    const range = readExternalEntries(tensor.entries, split.file);
    split.external.push(range);
    tensor.place = split.place?.(range) ?? range;
  }
  if (tensor.place) writePlace(tensor.rest, tensor.place);
  return tensor.rest.finish();
}

function writePlace(to: ProtobufWriter, { location, offset, byteLength }: ExternalRange): void {
  for (const [key, value] of Object.entries({ location, offset: String(offset), length: String(byteLength) }))
    to.message(TENSOR.externalData, (entry) => entry.text(ENTRY.key, key).text(ENTRY.value, value));
  to.integer(TENSOR.dataLocation, EXTERNAL);
}
