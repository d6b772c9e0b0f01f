/** Which pixels of a line make one of the new line, with weights in 2⁻¹¹. @see OpenCV 4.10, resize.cpp (resize_ of hal) */
import { roundHalfEven } from '../../math/round-half-even';

/** `count` for each pixel of the new line, one after another; beyond an end the line's last pixel. */
export interface FixedTaps {
  count: number;
  places: Int32Array;
  weights: Int16Array;
}

const f = Math.fround;
const SCALE = 2 ** 11;

export function lanczosTaps(from: number, to: number): FixedTaps {
  const taps = emptyTaps(8, to);
  const scale = 1 / (to / from);
  for (let i = 0; i < to; i++) {
    const at = f((i + 0.5) * scale - 0.5);
    setTaps(taps, i, Math.floor(at) - 3, from, lanczosWeights(f(at - Math.floor(at))));
  }
  return taps;
}

/** `area` where a picture grows: each pixel stays one, only their borders are mixed. */
export function areaLinearTaps(from: number, to: number): FixedTaps {
  const taps = emptyTaps(2, to);
  const [grown, scale] = [to / from, 1 / (to / from)];
  for (let i = 0; i < to; i++) {
    const first = Math.floor(i * scale);
    const part = f(i + 1 - (first + 1) * grown);
    const second = part <= 0 || first >= from - 1 ? 0 : f(part - Math.floor(part));
    setTaps(taps, i, Math.min(first, from - 1), from, [f(1 - second), second]);
  }
  return taps;
}

function emptyTaps(count: number, to: number): FixedTaps {
  return { count, places: new Int32Array(count * to), weights: new Int16Array(count * to) };
}

function setTaps({ count, places, weights }: FixedTaps, i: number, first: number, from: number, weighed: number[]) {
  for (let k = 0; k < count; k++) {
    places[i * count + k] = Math.min(from - 1, Math.max(0, first + k));
    weights[i * count + k] = roundHalfEven(weighed[k] * SCALE);
  }
}

/** cos and sin of 225° · k: a step of a pixel turns sin(πx)·sin(πx/4) by so much, and |sin πx| is the same of all eight. */
const TURNS = [0, 5, 2, 7, 4, 1, 6, 3].map((eighths) => {
  const exact = [1, Math.SQRT1_2, 0, -Math.SQRT1_2, -1, -Math.SQRT1_2, 0, Math.SQRT1_2];
  return [exact[eighths], exact[(eighths + 6) % 8]];
});

/** Weights of the pixels at −3 … 4: sinc(x)·sinc(x/4), made to sum to 1 in float32. Beside a pixel that is hit the others are nothing. */
function lanczosWeights(part: number): number[] {
  const start = f(part + 3) * Math.PI * -0.25;
  const [sin, cos] = [Math.sin(start), Math.cos(start)];
  const raw = TURNS.map(([ofSin, ofCos], k) => {
    const x = f(f(part + 3) - k);
    const y = x * Math.PI * -0.25;
    return Math.abs(x) < 1e-6 ? f(1e30) : f((ofSin * sin + ofCos * cos) / (y * y));
  });
  const share = f(1 / raw.reduce((total, weight) => f(total + weight), 0));
  return raw.map((weight) => f(weight * share));
}
