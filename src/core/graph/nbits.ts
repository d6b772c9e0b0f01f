/** The packed form of a matrix that com.microsoft.MatMulNBits reads. @see onnxruntime contrib_defs.cc, MatMulNBits */
import { AppError } from '../errors';
import { isPalette, type StoredForm } from './graph-form';

export type NbitsForm = 'nbits8' | 'nbits4';

/** What stays packed while a graph runs: matrices, and kernels of convolutions with one scale a channel. */
export type PackedForm = NbitsForm | 'int8_channel';

/** Numbers of a row that share a scale. The fast WebGPU kernel of ONNX Runtime takes 32 only (on every vendor). */
export const NBITS_BLOCK = 32;

export const nbitsOf = (form: PackedForm): 8 | 4 => (form === 'nbits4' ? 4 : 8);

/** MatMulNBits cuts rows into whole blocks. */
export const fitsNbits = (shape: readonly number[]): boolean => shape.length === 2 && shape[1] % NBITS_BLOCK === 0;

/** The form in which a graph reads a matrix that is stored so; undefined where it is widened. */
export function nbitsFormOf(form: StoredForm | undefined, shape: readonly number[]): NbitsForm | undefined {
  if (form === 'nbits8' || form === 'nbits4') return form;
  return form && isPalette(form) && fitsNbits(shape) ? 'nbits8' : undefined;
}

/** Whether the kernel [out, in, k, k] of a convolution can stay in 8 bits: what is stored so, or in fewer. */
export const staysInt8 = (form: StoredForm | undefined, shape: readonly number[]): boolean =>
  shape.length === 4 && form !== undefined && (form === 'int8_channel' || isPalette(form));

/** @returns shapes of both parts of a matrix [out, in] */
export function packedShapes(shape: readonly number[], form: NbitsForm): { quants: number[]; scales: number[] } {
  if (!fitsNbits(shape))
    throw new AppError(
      'internal',
      `MatMulNBits needs a matrix [out, a multiple of ${NBITS_BLOCK}], not [${shape.join()}]`,
    );
  const blocks = shape[1] / NBITS_BLOCK;
  return { quants: [shape[0], blocks, (NBITS_BLOCK * nbitsOf(form)) / 8], scales: [shape[0] * blocks] };
}
