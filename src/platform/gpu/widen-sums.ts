/**
 * Lets ONNX Runtime's products of half-precision matrices and its convolutions sum in float32.
 *
 * MatMul and Conv2dMM keep their sums in half precision over the whole inner dimension: at 1280 terms they are off by 0.5 %, at
 * 5120 by 1 % (relative L2, random data; docs/decisions/half-precision.md). They go tile by tile of 32 terms: here each tile's sum is
 * still one of halves, as fast as before, and is added to a float32 total when the tile ends. WGSL of another form, that of a
 * later version of the runtime too, is left as it is, and tests say so.
 */

/** Four outputs at a time: `acc` is a row of vectors for each row of outputs. */
const OF_VECTORS = /var acc: array<vec4<(\w+)>, rowPerThread>;/;
/** One output at a time: channels that are no multiple of four. */
const OF_NUMBERS = /var acc: array<array<(\w+), colPerThread>, rowPerThread>;/;

/** The end of a turn over one tile, which the tile's last barrier stands before. */
const TILE_END = /workgroupBarrier\(\);(?=\s*\}\s*for \(var innerRow)/;

interface Form {
  declaration: RegExp;
  /** Code that makes the totals, of zeros. */
  totals: string;
  /** Adds a tile's sums to the totals and begins them again. */
  flush(type: string): string;
  result: RegExp;
  /** What is written in place of `result`. */
  rounded(type: string): string;
}

const FORMS: readonly Form[] = [
  {
    declaration: OF_VECTORS,
    totals: 'var total = array<vec4<f32>, rowPerThread>();',
    flush: (type) =>
      `for (var i = 0; i < rowPerThread; i = i + 1) { total[i] += vec4<f32>(acc[i]); acc[i] = vec4<${type}>(); }`,
    result: /acc\[innerRow\]\);/,
    rounded: (type) => `vec4<${type}>(total[innerRow]));`,
  },
  {
    declaration: OF_NUMBERS,
    totals: 'var total = array<array<f32, colPerThread>, rowPerThread>();',
    flush: (type) =>
      `for (var i = 0; i < rowPerThread; i = i + 1) { for (var j = 0; j < colPerThread; j = j + 1) { total[i][j] += f32(acc[i][j]); acc[i][j] = ${type}(); } }`,
    result: /acc\[innerRow\]\[innerCol\]\);/,
    rounded: (type) => `${type}(total[innerRow][innerCol]));`,
  },
];

/** @returns WGSL that computes the same with float32 totals; the same text where it is no such kernel in half precision */
export function widenSums(code: string): string {
  if (!/enable\s+f16\s*;/.test(code)) return code;
  for (const { declaration, totals, flush, result, rounded } of FORMS) {
    const type = declaration.exec(code)?.[1];
    if (type === undefined || !isHalf(type, code) || !TILE_END.test(code) || !result.test(code)) continue;
    return code
      .replace(declaration, `$& ${totals}`)
      .replace(TILE_END, `${flush(type)} $&`)
      .replace(result, rounded(type));
  }
  return code;
}

/** Whether a type's name stands for f16: the kernels name it after the tensor that has it. */
const isHalf = (name: string, code: string): boolean => name === 'f16' || new RegExp(`alias ${name} = f16;`).test(code);
