/**
 * Lets ONNX Runtime's BiasSplitGelu be compiled in half precision: as it is, it divides vectors of halves by a number that it declares f32
 * (1.31-dev, 2026-11). It then computes in float32 between what it reads and what it writes. WGSL of another form is left as it is.
 */

const TYPE = 'alias x_value_t = vec4<f16>;';
const HEAD = 'const M_SQRT2: f32 = sqrt(2.0);';

export function mendGelu(code: string): string {
  if (!code.includes(TYPE) || !code.includes(HEAD)) return code;
  return code
    .replace(TYPE, 'alias x_value_t = vec4<f32>;')
    .replace(/\b(?:x|bias)\[[^\]]*\]/g, 'x_value_t($&)')
    .replace(/output\[global_idx\]\s*=([^;]*);/, 'output[global_idx]=vec4<f16>($1);');
}
