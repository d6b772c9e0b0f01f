/** What denoisers are told of a picture of 640 by 480 pixels. */
import { describe, expect, it } from 'vitest';
import { familyOf } from '../../../core/families';
import type { Told } from '../text/encode';
import { toldNumbers } from './told-numbers';

const size = { height: 480, width: 640 };
const [sdxl, refiner] = (['sdxl', 'sdxl-refiner'] as const).map((id) => familyOf(id).tells ?? []);
const row = (isPositive: boolean, told?: Told) => ({ isPositive, context: { ...(told && { told }) } });

describe('toldNumbers', () => {
  it('are the picture’s own sizes where no graph says others', () => {
    expect(toldNumbers(sdxl, size, row(true))).toEqual([480, 640, 0, 0, 480, 640]);
    expect(toldNumbers(sdxl, size, row(false))).toEqual([480, 640, 0, 0, 480, 640]);
  });

  it('of the refiner say which side a text is on; Perp-Neg’s empty one is on neither', () => {
    const [towards, away] = [row(true), row(false)].map((one) => toldNumbers(refiner, size, one));
    expect(towards).toEqual([480, 640, 0, 0, 6]);
    expect(away).toEqual([480, 640, 0, 0, 2.5]);
    expect(toldNumbers(refiner, size, { ...row(false), isEmpty: true })).toEqual(towards);
  });

  it('are a graph’s on either side, and a size without a target is both', () => {
    const told: Told = { size: [1, 2], score: [9] };
    expect(toldNumbers(refiner, size, row(false, told))).toEqual([1, 2, 0, 0, 9]);
    expect(toldNumbers(sdxl, size, row(true, told))).toEqual([1, 2, 0, 0, 1, 2]);
    expect(toldNumbers(refiner, size, row(true, { crop: [3, 4], target: [5, 6] }))).toEqual([480, 640, 3, 4, 6]);
  });
});
