import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { assertFinite } from './index';

describe('assertFinite', () => {
  it('lets finite values pass', () => {
    expect(() => assertFinite(Float32Array.of(0, -1e38, 3), 1)).not.toThrow();
  });

  it.each([NaN, Infinity, -Infinity])('names the place and the noise level of %d', (value) => {
    const output = new Float32Array(9);
    output[7] = value;
    expect(() => assertFinite(output, 4.16667)).toThrow(AppError);
    expect(() => assertFinite(output, 4.16667)).toThrow(`gave ${value} at noise level 4.167 (element 7)`);
  });
});
