/**
 * DoRA: the changed weight, its rows or columns brought to lengths of their own; on top of any kind.
 *
 * The shape of the lengths says of what they are. Programs differ beyond a strength of 1: here it is W + strength · (new − W), so that
 * 0 is the model itself. @see arXiv:2402.09353; LyCORIS#216; ComfyUI#12938
 */
import { columnsOf, kernelOf, outOf, product, show, type PartShapes } from './kind';

/** LyCORIS', kohya's and OneTrainer's name, of rows or columns; and PEFT's, always of rows. */
export const [MAGNITUDE, ROW_MAGNITUDE] = ['dora_scale', 'lora_magnitude_vector'];

export interface Magnitude {
  shape: readonly number[];
  isOfRows: boolean;
}

/** @returns undefined where the layer is no DoRA */
export function magnitudeOf(shapes: PartShapes, target: readonly number[]): Magnitude | undefined {
  const shape = shapes[MAGNITUDE] ?? shapes[ROW_MAGNITUDE];
  return shape && { shape, isOfRows: shapes[MAGNITUDE] === undefined || fitsRows(shape, target) };
}

export function doraMisfit({ shape, isOfRows }: Magnitude, target: readonly number[]): string | undefined {
  return product(shape) === (isOfRows ? outOf(target) : target[1])
    ? undefined
    : `has lengths ${show(shape)}; the layer is ${show(target)}`;
}

/** [out], [out, 1, ...]; [1, n, ...] is of columns, but where no columns fit: so PEFT's convolutions are stored elsewhere. */
function fitsRows(shape: readonly number[], target: readonly number[]): boolean {
  const [out, input] = [outOf(target), target[1] ?? 1];
  return product(shape) === out && (shape[0] === out || out !== input);
}

export interface Decomposition {
  weight: Float32Array;
  lengths: Float32Array;
  isOfRows: boolean;
  target: readonly number[];
}

/** @param difference  of the kind beneath @returns that of the whole */
export function decomposed(
  difference: Float32Array,
  { weight, lengths, isOfRows, target }: Decomposition,
): Float32Array {
  const [rows, columns, kernel] = [outOf(target), columnsOf(target), kernelOf(target)];
  const groupOf = (row: number, column: number): number => (isOfRows ? row : Math.floor(column / kernel));
  const squares = new Float64Array(lengths.length);
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++)
      squares[groupOf(row, column)] += (weight[at] + difference[at]) ** 2;
  const factors = squares.map((square, group) => lengths[group] / Math.max(Math.sqrt(square), EPSILON));
  const whole = new Float32Array(weight.length);
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++)
      whole[at] = factors[groupOf(row, column)] * (weight[at] + difference[at]) - weight[at];
  return whole;
}

/** A row of zeros has no direction. @see LyCORIS modules/locon.py apply_weight_decompose */
const EPSILON = 1.1920929e-7;
