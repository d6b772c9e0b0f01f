/**
 * Takes the weights out of an ONNX file while it streams by: what remains is a small graph that names files of weights, which
 * a runtime reads tensor by tensor. The file as a whole is never in memory; nothing but its weights' places changes.
 *
 * @see onnx/onnx.proto3 ModelProto, GraphProto, TensorProto; onnx/docs/ExternalData.md
 */
import { ProtobufWriter } from '../../graph/protobuf';
import { ChunkReader } from './chunk-reader';
import type { ExternalRange } from './external-data';
import { ATTRIBUTE, GRAPH, MODEL, NODE } from './onnx-fields';
import { ShardWriter } from './shard-writer';
import { splitTensor } from './split-tensor';
import { copyField, MAX_GRAPH_BYTES, readLength, readTag, type SplitOptions, type Splitting } from './splitting';

export interface SplitOnnx {
  onnx: Uint8Array<ArrayBuffer>;
  /** Tensors that lay outside already, where they lay. */
  external: ExternalRange[];
}

export const DEFAULT_SHARD_BYTES = 256 * 1024 * 1024;
const DEFAULT_MIN_BYTES = 1024;

/** Of graphs inside nodes of graphs; exports have one or two. */
const MAX_DEPTH = 16;

/** @throws AppError 'bad-file' when it is no ONNX file, or cut short; 'unsupported-model' when the graph alone is too big */
export async function splitOnnx(chunks: AsyncIterable<Uint8Array>, options: SplitOptions): Promise<SplitOnnx> {
  const reader = new ChunkReader(chunks, options.file);
  const shards = new ShardWriter(options, options.shardBytes ?? DEFAULT_SHARD_BYTES);
  const split: Splitting = {
    ...options,
    reader,
    shards,
    minBytes: options.minBytes ?? DEFAULT_MIN_BYTES,
    external: [],
    budget: MAX_GRAPH_BYTES,
  };
  const model = new ProtobufWriter();
  let graphs = 0;
  while (!(await reader.isAtEnd())) {
    const field = await readTag(reader);
    if (field.number !== MODEL.graph) await copyField(split, field, model);
    else {
      model.bytes(
        MODEL.graph,
        await rewritten(split, await readLength(field, reader), { rules: GRAPH_RULES, depth: 0 }),
      );
      graphs++;
    }
  }
  if (graphs !== 1) reader.fail(`it has ${graphs} graphs; an ONNX file has one`);
  await shards.finish();
  return { onnx: model.finish(), external: split.external };
}

type Rule = (split: Splitting, length: number, depth: number) => Promise<Uint8Array<ArrayBuffer>>;

const initializer: Rule = (split, length, depth) =>
  // Weights of a graph inside a node (If, Loop) and constants stay, but what lies outside may move.
  splitTensor(split, length, depth === 0 ? split.minBytes : Infinity);
const message =
  (rules: () => ReadonlyMap<number, Rule>, deeper = 0): Rule =>
  (split, length, depth) =>
    rewritten(split, length, { rules: rules(), depth: depth + deeper });

const ATTRIBUTE_RULES: ReadonlyMap<number, Rule> = new Map([
  [ATTRIBUTE.tensor, initializer],
  [ATTRIBUTE.tensors, initializer],
  [ATTRIBUTE.graph, message(() => GRAPH_RULES)],
  [ATTRIBUTE.graphs, message(() => GRAPH_RULES)],
]);
const NODE_RULES: ReadonlyMap<number, Rule> = new Map([[NODE.attribute, message(() => ATTRIBUTE_RULES)]]);
const GRAPH_RULES: ReadonlyMap<number, Rule> = new Map([
  [GRAPH.node, message(() => NODE_RULES, 1)],
  [GRAPH.initializer, initializer],
]);

/** Copies a message, but for the fields that have a rule. */
async function rewritten(
  split: Splitting,
  length: number,
  { rules, depth }: { rules: ReadonlyMap<number, Rule>; depth: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { reader } = split;
  if (depth > MAX_DEPTH) reader.fail(`its graphs lie more than ${MAX_DEPTH} deep in each other`);
  const out = new ProtobufWriter();
  const end = reader.position + length;
  while (reader.position < end) {
    const field = await readTag(reader);
    const rule = rules.get(field.number);
    if (rule) out.bytes(field.number, await rule(split, await readLength(field, reader), depth));
    else await copyField(split, field, out);
  }
  if (reader.position !== end) reader.fail('a field is longer than what it is in');
  return out.finish();
}
