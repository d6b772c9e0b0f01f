/**
 * SPAN as files have it: what is one convolution when it runs was trained as three and a shortcut, and is fused here. What files hold of the
 * fused one (`eval_conv`) may be of an earlier moment of the training, and is read only where there is nothing else.
 */
import { AppError } from '../../errors';
import type { Shapes } from '../unet-signs';
import { PLANES } from './layers';
import { SPAN_BLOCKS } from './span';
import type { FusedTensor, NamedTensors, UpscalerFile } from './upscaler-file';

const FUSED = /^(conv_[12]|block_\d\.c[123]_r)\.(?:sk|eval_conv)\.weight$/;
const PLAIN = /^(conv_cat|upsampler\.0)\.(weight|bias)$/;

/** Name of a tensor without which the picture is normalised. */
const NO_NORM = 'no_norm';

export const spanFile: UpscalerFile = {
  component: 'span_upscaler',
  name: 'a SPAN',
  signs: [
    ['conv_1.sk.weight', `block_${SPAN_BLOCKS}.c3_r.sk.weight`, 'conv_cat.weight', 'upsampler.0.weight'],
    ['conv_1.eval_conv.weight', `block_${SPAN_BLOCKS}.c3_r.eval_conv.weight`, 'conv_cat.weight', 'upsampler.0.weight'],
  ],
  rename,
  config(shapes, theirs) {
    const [features = 0, inChannels = 0] = shapes.get('conv_1.weight')?.shape ?? [];
    const [outChannels = 0] = shapes.get('upsampler.0.weight')?.shape ?? [];
    const scale = Math.sqrt(outChannels / PLANES);
    if (inChannels !== PLANES || !Number.isInteger(scale))
      throw new AppError(
        'unsupported-model',
        `this upscaler reads ${inChannels} channels and writes ${outChannels}, not ${PLANES} for each pixel`,
      );
    return { features, scale, normalises: !theirs.has(NO_NORM) };
  },
};

function rename(tensors: Shapes): NamedTensors {
  const keys = [...tensors.keys()];
  const names = new Map(keys.filter((key) => PLAIN.test(key)).map((key) => [key, key]));
  const fused = new Map<string, FusedTensor>();
  for (const key of keys) {
    const [, name] = FUSED.exec(key) ?? [];
    if (name === undefined) continue;
    if (tensors.has(`${name}.sk.weight`)) {
      fused.set(`${name}.weight`, fusedKernel(name, tensors));
      fused.set(`${name}.bias`, fusedBias(name, tensors));
    } else for (const part of ['weight', 'bias']) names.set(`${name}.${part}`, `${name}.eval_conv.${part}`);
  }
  return { names, fused };
}

/** Side of the middle kernel; the others are of one pixel. */
const SIDE = 3;
const TAPS = SIDE ** 2;
const CENTRE = (TAPS - 1) / 2;

interface Widths {
  out: number;
  channels: number;
  /** Channels between the first and the middle kernel, and after it. */
  first: number;
  middle: number;
}

function widthsOf(name: string, tensors: Shapes): Widths {
  const shape = (part: string): readonly number[] => tensors.get(`${name}.${part}.weight`)?.shape ?? [];
  const [out = 0, channels = 0] = shape('sk');
  const [first = 0] = shape('conv.0');
  const [middle = 0] = shape('conv.1');
  const fits =
    shape('conv.0').join() === [first, channels, 1, 1].join() &&
    shape('conv.1').join() === [middle, first, SIDE, SIDE].join() &&
    shape('conv.2').join() === [out, middle, 1, 1].join();
  if (!fits) throw new AppError('bad-file', `the convolutions of "${name}" do not fit each other`);
  return { out, channels, first, middle };
}

/** third · second · first, and the shortcut in the middle tap: [out, channels, 3, 3] */
function fusedKernel(name: string, tensors: Shapes): FusedTensor {
  const { out, channels, first, middle } = widthsOf(name, tensors);
  return {
    shape: [out, channels, SIDE, SIDE],
    of: ['conv.0', 'conv.1', 'conv.2', 'sk'].map((part) => `${name}.${part}.weight`),
    compute([w1, w2, w3, shortcut]) {
      const outer = new Float64Array(out * first * TAPS); // third · second: [out, first, taps]
      for (let o = 0; o < out; o++)
        for (let m = 0; m < middle; m++)
          for (let i = 0; i < first * TAPS; i++)
            outer[o * first * TAPS + i] += w3[o * middle + m] * w2[m * first * TAPS + i];
      const kernel = new Float64Array(out * channels * TAPS);
      for (let o = 0; o < out; o++)
        for (let c = 0; c < channels; c++) {
          const to = (o * channels + c) * TAPS;
          for (let f = 0; f < first; f++)
            for (let tap = 0; tap < TAPS; tap++)
              kernel[to + tap] += outer[(o * first + f) * TAPS + tap] * w1[f * channels + c];
          kernel[to + CENTRE] += shortcut[o * channels + c];
        }
      return Float32Array.from(kernel);
    },
  };
}

/** What comes out where nothing goes in: [out] */
function fusedBias(name: string, tensors: Shapes): FusedTensor {
  const { out, first, middle } = widthsOf(name, tensors);
  const files = ['conv.1.weight', 'conv.2.weight', 'conv.0.bias', 'conv.1.bias', 'conv.2.bias', 'sk.bias'];
  return {
    shape: [out],
    of: files.map((part) => `${name}.${part}`),
    compute([w2, w3, b1, b2, b3, shortcut]) {
      const inner = Float64Array.from(b2);
      for (let m = 0; m < middle; m++)
        for (let i = 0; i < first * TAPS; i++) inner[m] += w2[m * first * TAPS + i] * b1[Math.floor(i / TAPS)];
      return Float32Array.from({ length: out }, (_, o) =>
        inner.reduce((sum, value, m) => sum + w3[o * middle + m] * value, b3[o] + shortcut[o]),
      );
    },
  };
}
