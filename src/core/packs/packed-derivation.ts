/** What stays packed though they are not kept as they are wanted: scaled, with rows more or less, or joined. */
import {
  elementCount,
  exprShape,
  nbitsFormOf,
  packedShapes,
  staysInt8,
  type PackedForm,
  type WeightExpr,
} from '../graph';
import { halfToFloat } from '../math/half';
import { evaluateNow } from '../weights/evaluate';
import type { StoredForm } from '../graph';

/** Scales of packed matrices are halves: smaller ones than this makes have too few bits left. */
const MOST_FACTOR = 16;

/**
 * @param expr     over kept weights, as WeightFinder gives it
 * @param formOf   of a kept weight
 * @returns the form in which a graph can read it, undefined where it must be widened
 */
export function packedForm(expr: WeightExpr, formOf: (key: string) => StoredForm): PackedForm | undefined {
  switch (expr.op) {
    case 'tensor':
      return (
        nbitsFormOf(formOf(expr.name), expr.shape) ??
        (staysInt8(formOf(expr.name), expr.shape) ? 'int8_channel' : undefined)
      );
    case 'scale': {
      const size = Math.abs(expr.by);
      return size >= 1 / MOST_FACTOR && size <= MOST_FACTOR ? packedForm(expr.of, formOf) : undefined;
    }
    case 'padRows':
    case 'rows':
      return packedForm(expr.of, formOf);
    case 'concat': {
      const forms = new Set(expr.of.map((part) => packedForm(part, formOf)));
      return forms.size === 1 ? [...forms][0] : undefined;
    }
    default:
      return undefined;
  }
}

export interface PackedPartInput {
  form: PackedForm;
  /** Bytes of a part of a kept weight. */
  read(key: string): Uint8Array<ArrayBuffer>;
}

/** @returns [out, in / 32, 32 · bits / 8] of a matrix, [out, in, k, k] of a kernel */
export function derivedQuants(expr: WeightExpr, { form, read }: PackedPartInput): Uint8Array<ArrayBuffer> {
  const rowBytes = (shape: readonly number[]): number => {
    if (form === 'int8_channel') return elementCount(shape) / shape[0];
    const [, blocks, bytes] = packedShapes(shape, form).quants;
    return blocks * bytes;
  };
  return new Uint8Array(evaluateNow(perRow(unscaled(expr), rowBytes), (key) => Float32Array.from(read(key))));
}

/** @returns [out, in / 32] of a matrix, [out] of a kernel */
export function derivedScales(expr: WeightExpr, { form, read }: PackedPartInput): Float32Array<ArrayBuffer> {
  const isKernel = form === 'int8_channel';
  const rowScales = (shape: readonly number[]): number =>
    isKernel ? 1 : packedShapes(shape, form).scales[0] / shape[0];
  return evaluateNow(perRow(expr, rowScales), (key) => {
    const { buffer } = read(key).slice();
    return isKernel ? new Float32Array(buffer) : halfToFloat(new Uint16Array(buffer));
  });
}

/** The same expression over what stands for each row. */
function perRow(expr: WeightExpr, sizeOf: (shape: readonly number[]) => number): WeightExpr {
  if (expr.op === 'tensor') return { ...expr, shape: [exprShape(expr)[0], sizeOf(expr.shape)] };
  if (expr.op === 'concat') return { ...expr, of: expr.of.map((part) => perRow(part, sizeOf)) };
  if (expr.op === 'add') throw new RangeError('a sum of packed matrices is none');
  return { ...expr, of: perRow(expr.of, sizeOf) };
}

function unscaled(expr: WeightExpr): WeightExpr {
  if (expr.op === 'tensor' || expr.op === 'add') return expr;
  if (expr.op === 'concat') return { ...expr, of: expr.of.map(unscaled) };
  return expr.op === 'scale' ? unscaled(expr.of) : { ...expr, of: unscaled(expr.of) };
}
