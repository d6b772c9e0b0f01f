import { describe, expect, it } from 'vitest';
import { mendGelu } from './mend-gelu';

/** A kernel as ONNX Runtime writes it, but for the numbers of erf. */
const kernel = (type: string): string => `
@group(0) @binding(0) var<storage, read> x: array<vec4<${type}>>;
@group(0) @binding(1) var<storage, read> bias: array<vec4<${type}>>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4<${type}>>;
alias x_value_t = vec4<${type}>;
fn erf_v(v: x_value_t) -> x_value_t {
  return sign(v);
}
fn main() {
const M_SQRT2: f32 = sqrt(2.0);
let valueLeft = x[inputOffset] + bias[biasIdx];
let valueRight = x[inputOffset + halfChannels] + bias[biasIdx + halfChannels];
let geluRight = valueRight * 0.5 * (erf_v(valueRight / M_SQRT2) + 1);
output[global_idx]=valueLeft * geluRight;
}`;

describe('mendGelu', () => {
  it('reads halves, computes in float32 and writes halves', () => {
    const code = mendGelu(kernel('f16'));
    expect(code).toContain('alias x_value_t = vec4<f32>;');
    expect(code).toContain('let valueLeft = x_value_t(x[inputOffset]) + x_value_t(bias[biasIdx]);');
    expect(code).toContain('x_value_t(x[inputOffset + halfChannels]) + x_value_t(bias[biasIdx + halfChannels]);');
    expect(code).toContain('output[global_idx]=vec4<f16>(valueLeft * geluRight);');
    expect(code.match(/array<vec4<f16>>/g)).toHaveLength(3);
  });

  it.each([
    ['the same kernel in float32', kernel('f32')],
    ['other kernels in half precision', 'alias x_value_t = vec4<f16>; fn main() { output[global_idx]=x[0]; }'],
    ['nothing', ''],
  ])('leaves %s alone', (_, code) => expect(mendGelu(code)).toBe(code));
});
