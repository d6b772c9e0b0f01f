/** The operators of the self-test in float64, straight from their definitions: images are [batch, c, h, w]. */

export type Numbers = ArrayLike<number>;

/** x [rows, inner] @ weight [out, inner]ᵀ + bias [out] */
export function linear(x: Numbers, weight: Numbers, bias: Numbers): Float64Array {
  const out = bias.length;
  const inner = weight.length / out;
  const y = new Float64Array((x.length / inner) * out);
  for (let i = 0; i < y.length; i++) {
    const [row, column] = [Math.floor(i / out) * inner, (i % out) * inner];
    let sum = bias[i % out];
    for (let k = 0; k < inner; k++) sum += x[row + k] * weight[column + k];
    y[i] = sum;
  }
  return y;
}

export interface ImageDims {
  channels: number;
  height: number;
  width: number;
}

/** kernel [out, in, size, size], zeros around the image */
export function conv(
  image: Numbers,
  kernel: Numbers,
  bias: Numbers,
  { channels, height, width, size, stride, pad }: ImageDims & { size: number; stride: number; pad: number },
): Float64Array {
  const [rows, columns] = [height, width].map((side) => Math.floor((side + 2 * pad - size) / stride) + 1);
  const plane = rows * columns;
  const out = bias.length;
  const y = new Float64Array((image.length / (channels * height * width)) * out * plane);
  for (let i = 0; i < y.length; i++) {
    const [batch, o] = [Math.floor(i / (out * plane)), Math.floor(i / plane) % out];
    const [top, left] = [Math.floor((i % plane) / columns) * stride - pad, (i % columns) * stride - pad];
    let sum = bias[o];
    for (let k = 0; k < channels * size * size; k++) {
      const [c, row, column] = [Math.floor(k / (size * size)), top + (Math.floor(k / size) % size), left + (k % size)];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      sum += image[((batch * channels + c) * height + row) * width + column] * kernel[o * channels * size * size + k];
    }
    y[i] = sum;
  }
  return y;
}

/** Each run of `size` numbers to mean 0 and variance 1. */
function normalise(x: Numbers, size: number, epsilon: number): Float64Array {
  const y = Float64Array.from(x);
  for (let start = 0; start < y.length; start += size) {
    const run = y.subarray(start, start + size);
    const mean = run.reduce((sum, value) => sum + value, 0) / size;
    const variance = run.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    for (let i = 0; i < size; i++) run[i] = (run[i] - mean) / Math.sqrt(variance + epsilon);
  }
  return y;
}

/** @param gamma, beta [width] */
export function layerNorm(x: Numbers, gamma: Numbers, beta: Numbers, epsilon: number): Float64Array {
  return normalise(x, gamma.length, epsilon).map((value, i) => value * gamma[i % gamma.length] + beta[i % beta.length]);
}

export const silu = (x: number): number => x / (1 + Math.exp(-x));

/** Group norm with SiLU on the result; gamma and beta are [channels]. */
export function groupNormSilu(
  image: Numbers,
  gamma: Numbers,
  beta: Numbers,
  { channels, height, width, groups, epsilon }: ImageDims & { groups: number; epsilon: number },
): Float64Array {
  const plane = height * width;
  const normal = normalise(image, (channels / groups) * plane, epsilon);
  return normal.map((value, i) => {
    const channel = Math.floor(i / plane) % channels;
    return silu(value * gamma[channel] + beta[channel]);
  });
}

/** Twice the height and width, each pixel repeated. */
export function upsample2x(image: Numbers, { height, width }: Pick<ImageDims, 'height' | 'width'>): Float64Array {
  const y = new Float64Array(image.length * 4);
  for (let i = 0; i < y.length; i++) {
    const [plane, row, column] = [
      Math.floor(i / (4 * height * width)),
      Math.floor(i / (2 * width)) % (2 * height),
      i % (2 * width),
    ];
    y[i] = image[(plane * height + (row >> 1)) * width + (column >> 1)];
  }
  return y;
}

export interface Heads {
  heads: number;
  /** How many numbers a token has. */
  width: number;
  queries: number;
  keys: number;
  causal?: boolean;
}

/** softmax(q kᵀ / √headSize) v; q [batch, queries, width], k and v [batch, keys, width] */
export function attention(q: Numbers, k: Numbers, v: Numbers, h: Heads): Float64Array {
  const { heads, width, queries, keys, causal = false } = h;
  const size = width / heads;
  const y = new Float64Array(q.length);
  for (let row = 0; row < (q.length / width) * heads; row++) {
    const [token, first] = [Math.floor(row / heads), (row % heads) * size];
    const start = Math.floor(token / queries) * keys * width + first;
    const seen = causal ? (token % queries) + 1 : keys;
    const scores = Array.from({ length: seen }, (_, j) => {
      let dot = 0;
      for (let i = 0; i < size; i++) dot += q[token * width + first + i] * k[start + j * width + i];
      return dot / Math.sqrt(size);
    });
    const top = Math.max(...scores);
    const shares = scores.map((score) => Math.exp(score - top));
    const total = shares.reduce((sum, share) => sum + share, 0);
    for (let j = 0; j < seen; j++)
      for (let i = 0; i < size; i++) y[token * width + first + i] += (shares[j] / total) * v[start + j * width + i];
  }
  return y;
}

/** The first half of x @ weightᵀ + bias times gelu(second half). */
export function geglu(x: Numbers, weight: Numbers, bias: Numbers): Float64Array {
  const both = linear(x, weight, bias);
  const half = bias.length / 2;
  return Float64Array.from({ length: both.length / 2 }, (_, i) => {
    const at = Math.floor(i / half) * 2 * half + (i % half);
    return both[at] * gelu(both[at + half]);
  });
}

/** x·Φ(x) */
const gelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));

/** The error function by its Maclaurin series, which alternates: exact to 1e-12 up to 4, and 1 beyond to 2e-8. */
export function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
