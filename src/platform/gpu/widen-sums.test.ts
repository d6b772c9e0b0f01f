import { describe, expect, it } from 'vitest';
import { widenSums } from './widen-sums';

/** A kernel in the form of ONNX Runtime's, four outputs at a time; `type` names f16 by an alias there. */
const ofVectors = (type: string, alias: string): string => `enable f16;
${alias}
@compute @workgroup_size(8, 8, 1) fn main() {
  var acc: array<vec4<${type}>, rowPerThread>;
  for (var t = 0; t < i32(num_tiles); t = t + 1) {
    tile[0] = read(t);
    workgroupBarrier();
    for (var k = 0; k < 8; k = k + 1) {
      for (var i = 0; i < rowPerThread; i = i + 1) { acc[i] = b * a.x + acc[i]; }
    }
    workgroupBarrier();
  }
  for (var innerRow = 0; innerRow < rowPerThread; innerRow = innerRow + 1) {
    mm_write(batch, globalRow + innerRow, globalCol, acc[innerRow]);
  }
}`;

const ofNumbers = `enable f16;
alias a_element_t = f16;
@compute @workgroup_size(8, 8, 1) fn main() {
 var acc: array<array<a_element_t, colPerThread>, rowPerThread>;
for (var t = 0; t < i32(num_tiles); t = t + 1) {
  workgroupBarrier();
  acc[0][0] = acc[0][0] + a * b;
  workgroupBarrier();
}
for (var innerRow = 0; innerRow < i32(rowPerThread); innerRow = innerRow + 1) {
  for (var innerCol = 0; innerCol < i32(colPerThread); innerCol = innerCol + 1) {
    mm_write(batch, globalRow + innerRow, globalCol + innerCol, acc[innerRow][innerCol]);
  }
}
}`;

const count = (code: string, what: string): number => code.split(what).length - 1;

describe('widenSums', () => {
  it('adds each tile to float32 totals at its end, and writes those', () => {
    const code = widenSums(ofVectors('a_element_t', 'alias a_element_t = f16;'));
    expect(count(code, 'var total = array<vec4<f32>, rowPerThread>();')).toBe(1);
    expect(count(code, 'total[i] += vec4<f32>(acc[i]); acc[i] = vec4<a_element_t>();')).toBe(1);
    // behind the loop over the tile, before the barrier that ends its turn
    expect(code.indexOf('total[i] +=')).toBeGreaterThan(code.indexOf('acc[i] = b * a.x'));
    expect(code.lastIndexOf('workgroupBarrier();')).toBeGreaterThan(code.indexOf('total[i] +='));
    expect(code.indexOf('workgroupBarrier();')).toBeLessThan(code.indexOf('total[i] +='));
    expect(code).toContain('mm_write(batch, globalRow + innerRow, globalCol, vec4<a_element_t>(total[innerRow]));');
  });

  it('knows the form of one output at a time', () => {
    const code = widenSums(ofNumbers);
    expect(code).toContain('var total = array<array<f32, colPerThread>, rowPerThread>();');
    expect(code).toContain('total[i][j] += f32(acc[i][j]); acc[i][j] = a_element_t();');
    expect(code).toContain('a_element_t(total[innerRow][innerCol]));');
    expect(code).not.toContain('acc[innerRow][innerCol]);');
  });

  it('takes f16 by its own name too', () => {
    expect(widenSums(ofVectors('f16', ''))).toContain('vec4<f16>(total[innerRow])');
  });

  it.each([
    ['sums that are float32 already', ofVectors('x_element_t', 'alias x_element_t = f32;')],
    ['float32 kernels', ofVectors('f32', '').replace('enable f16;', '')],
    ['kernels with sums of another form', 'enable f16; fn main() { var sum: vec4<f16>; }'],
    ['kernels that write their sums otherwise', ofVectors('f16', '').replace('acc[innerRow]);', 'acc[0]);')],
    ['nothing', ''],
  ])('leaves %s alone', (_, code) => {
    expect(widenSums(code)).toBe(code);
  });
});
