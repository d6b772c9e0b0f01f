/** Numbers of fields and types in an ONNX file, as far as splitting needs them. @see onnx/onnx.proto3 */

export const WIRE = { varint: 0, eightBytes: 1, bytes: 2, fourBytes: 5 } as const;

export const MODEL = { graph: 7 } as const;
export const GRAPH = { node: 1, initializer: 5 } as const;
export const NODE = { attribute: 5 } as const;
export const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11 } as const;
export const TENSOR = {
  dims: 1,
  dataType: 2,
  floatData: 4,
  name: 8,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const;
export const ENTRY = { key: 1, value: 2 } as const;

/** TensorProto.DataLocation */
export const EXTERNAL = 1;

/** TensorProto.DataType */
export const FLOAT = 1;
/**
 * Those that stay in the graph: texts, and what shape inference must see there (INT64 and DOUBLE are shapes and constants, BOOL
 * a switch).
 */
export const KEPT_TYPES: ReadonlySet<number> = new Set([7, 8, 9, 11]);
