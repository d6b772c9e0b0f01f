/** The element types that graphs use. */

/** TensorProto.DataType. float16 data is held as the bits of its values, in a Uint16Array. */
export const TYPE_CODES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const satisfies Record<
  string,
  number
>;

export type ElementType = keyof typeof TYPE_CODES;

export const ELEMENT_BYTES: Record<ElementType, number> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  float16: 2,
};
