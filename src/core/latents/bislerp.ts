/** A latent enlarged along arcs between cells, so that its contrast stays. @see ComfyUI comfy/utils.py bislerp */
import type { Size } from '../image/raster';
import { interpolate } from '../image/resample';

interface Line {
  ratios: Float32Array;
  left: Float32Array;
  right: Float32Array;
}

/** Closer than this two directions are one, or opposite. */
const NEAR = 1e-5;

/** @param planes [channels, from.height, from.width] @returns [channels, to.height, to.width] */
export function bislerp(planes: Float32Array, from: Size, to: Size): Float32Array {
  const channels = planes.length / (from.width * from.height);
  const across = along(planes, {
    ...{ channels, lines: from.height, line: lineOf(from.width, to.width) },
    ...{ step: 1, lineStep: from.width, planeStep: from.width * from.height },
  });
  const wide = { width: to.width, height: from.height };
  const down = along(across, {
    ...{ channels, lines: to.width, line: lineOf(from.height, to.height) },
    ...{ step: wide.width, lineStep: 1, planeStep: wide.width * wide.height },
  });
  return columnsToRows(down, channels, to);
}

/** Which two cells each new one lies between. */
function lineOf(from: number, to: number): Line {
  const size = { width: from, height: 1 };
  const wanted = { width: to, height: 1 };
  const spread = (values: Float32Array): Float32Array => interpolate(values, size, wanted, { mode: 'bilinear' });
  const places = spread(Float32Array.from({ length: from }, (_, i) => i));
  const next = spread(Float32Array.from({ length: from }, (_, i) => Math.min(i + 1, from - 1)));
  return {
    ratios: places.map((place) => place - Math.floor(place)),
    left: places.map(Math.floor),
    right: next.map(Math.floor),
  };
}

interface Way {
  channels: number;
  lines: number;
  line: Line;
  /** Numbers to the next cell of a line, to the next line, to the next plane. */
  step: number;
  lineStep: number;
  planeStep: number;
}

/** @returns [channels, lines, new length] */
function along(planes: Float32Array, { channels, lines, line, step, lineStep, planeStep }: Way): Float32Array {
  const length = line.ratios.length;
  const result = new Float32Array(channels * lines * length);
  const [one, other] = [new Float64Array(channels), new Float64Array(channels)];
  for (let row = 0; row < lines; row++)
    for (let i = 0; i < length; i++) {
      for (let c = 0; c < channels; c++) {
        const start = c * planeStep + row * lineStep;
        one[c] = planes[start + line.left[i] * step];
        other[c] = planes[start + line.right[i] * step];
      }
      slerp(one, other, line.ratios[i]).forEach((value, c) => (result[(c * lines + row) * length + i] = value));
    }
  return result;
}

function slerp(a: Float64Array, b: Float64Array, ratio: number): Float64Array {
  const [lengthA, lengthB] = [Math.hypot(...a), Math.hypot(...b)];
  const [unitA, unitB] = [
    a.map((v) => (lengthA === 0 ? 0 : v / lengthA)),
    b.map((v) => (lengthB === 0 ? 0 : v / lengthB)),
  ];
  const dot = unitA.reduce((sum, value, i) => sum + value * unitB[i], 0);
  if (dot > 1 - NEAR) return a;
  if (dot < NEAR - 1) return a.map((value, i) => value * (1 - ratio) + b[i] * ratio);
  const angle = Math.acos(dot);
  const [shareA, shareB] = [Math.sin((1 - ratio) * angle) / Math.sin(angle), Math.sin(ratio * angle) / Math.sin(angle)];
  const length = lengthA * (1 - ratio) + lengthB * ratio;
  return unitA.map((value, i) => (shareA * value + shareB * unitB[i]) * length);
}

/** [channels, width, height] → [channels, height, width] */
function columnsToRows(planes: Float32Array, channels: number, { width, height }: Size): Float32Array {
  const to = new Float32Array(planes.length);
  for (let c = 0; c < channels; c++)
    for (let x = 0; x < width; x++)
      for (let y = 0; y < height; y++) to[(c * height + y) * width + x] = planes[(c * width + x) * height + y];
  return to;
}
