/** A built graph as the bytes of an ONNX model whose weights lie in external files. @see onnx.proto, IR version 10 */
import { ELEMENT_BYTES, TYPE_CODES } from './element-types';
import type { Attribute, BuiltGraph, Constant, GraphNode, Value } from './graph';
import { elementCount } from './weight-expr';
import { ProtobufWriter } from '../formats/protobuf';

const IR_VERSION = 10;
const OPSET = 20;
const MICROSOFT_OPSET = 1;

/** AttributeProto.AttributeType */
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

const EXTERNAL = 1;

/** Where a weight's bytes lie. */
export interface WeightPlacement {
  location: string;
  offset: number;
  byteLength: number;
}

/** Weights start at multiples of this, so that a view over them can be a Float32Array. */
const ALIGNMENT = 64;

/**
 * Gives each weight its place: files of at most `maxFileBytes`, a weight never across two files.
 * @returns placement by weight name, and each file's size in bytes
 */
export function placeWeights(
  graph: BuiltGraph,
  maxFileBytes: number,
): { placements: Map<string, WeightPlacement>; files: Map<string, number> } {
  const placements = new Map<string, WeightPlacement>();
  const files = new Map<string, number>();
  let location = `${graph.name}-0.bin`;
  let end = 0;
  for (const { value } of graph.weights) {
    const byteLength = ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]);
    let offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    if (offset > 0 && offset + byteLength > maxFileBytes) {
      location = `${graph.name}-${files.size}.bin`;
      offset = 0;
    }
    end = offset + byteLength;
    files.set(location, end);
    placements.set(value.name, { location, offset, byteLength });
  }
  return { placements, files };
}

/** @returns a ModelProto: opset 20 and com.microsoft 1 */
export function serialiseGraph(
  graph: BuiltGraph,
  placements: ReadonlyMap<string, WeightPlacement>,
): Uint8Array<ArrayBuffer> {
  return new ProtobufWriter()
    .integer(1, IR_VERSION)
    .text(2, 'gesso')
    .message(7, (g) => {
      for (const node of graph.nodes) g.message(1, (m) => writeNode(m, node));
      g.text(2, graph.name);
      for (const constant of graph.constants) g.message(5, (m) => writeConstant(m, constant));
      for (const { value } of graph.weights) g.message(5, (m) => writeExternal(m, value, placements.get(value.name)));
      for (const value of graph.inputs) g.message(11, (m) => writeValue(m, value));
      for (const value of graph.outputs) g.message(12, (m) => writeValue(m, value));
    })
    .message(8, (m) => m.text(1, '').integer(2, OPSET))
    .message(8, (m) => m.text(1, 'com.microsoft').integer(2, MICROSOFT_OPSET))
    .finish();
}

function writeNode(m: ProtobufWriter, node: GraphNode): void {
  for (const name of node.inputs) m.text(1, name);
  for (const name of node.outputs) m.text(2, name);
  m.text(3, node.outputs.find((name) => name !== '') ?? node.op).text(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) m.message(5, (a) => writeAttribute(a, name, value));
  if (node.domain !== '') m.text(7, node.domain);
}

function writeAttribute(m: ProtobufWriter, name: string, value: Attribute): void {
  m.text(1, name);
  if (typeof value === 'number') m.integer(3, value).integer(20, ATTRIBUTE_INT);
  else if (typeof value === 'string') m.text(4, value).integer(20, ATTRIBUTE_STRING);
  else if ('float' in value) m.float(2, value.float).integer(20, ATTRIBUTE_FLOAT);
  else m.integers(8, value).integer(20, ATTRIBUTE_INTS);
}

function writeConstant(m: ProtobufWriter, { value, data }: Constant): void {
  m.integers(1, value.dims as number[])
    .integer(2, TYPE_CODES[value.type])
    .text(8, value.name);
  m.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeExternal(m: ProtobufWriter, value: Value, placement: WeightPlacement | undefined): void {
  if (!placement) throw new RangeError(`weight ${value.name} has no place`);
  m.integers(1, value.dims as number[])
    .integer(2, TYPE_CODES[value.type])
    .text(8, value.name);
  const pairs = { location: placement.location, offset: placement.offset, length: placement.byteLength };
  for (const [key, text] of Object.entries(pairs)) m.message(13, (e) => e.text(1, key).text(2, String(text)));
  m.integer(14, EXTERNAL);
}

function writeValue(m: ProtobufWriter, value: Value): void {
  m.text(1, value.name).message(2, (type) =>
    type.message(1, (tensorType) =>
      tensorType.integer(1, TYPE_CODES[value.type]).message(2, (shape) => {
        for (const dim of value.dims)
          shape.message(1, (d) => (typeof dim === 'number' ? d.integer(1, dim) : d.text(2, dim)));
      }),
    ),
  );
}
