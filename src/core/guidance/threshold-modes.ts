/** Scales of dynamic thresholding that change on the way. */

/** What a way of changing makes of the share of the steps that are past, times the scale. */
interface Mode {
  label: string;
  /** @param value  the power, or how often it repeats */
  at(progress: number, value: number): number;
}

/** The extension's own digits. */
const [QUARTER_TURN, TURN] = [1.5707, 6.28318];

/** As in Python: never negative. */
const fraction = (value: number): number => value - Math.floor(value);

/** The extension's words and order. */
export const THRESHOLD_MODES = {
  constant: { label: 'Constant', at: () => 1 },
  linear_down: { label: 'Linear Down', at: (t) => 1 - t },
  cosine_down: { label: 'Cosine Down', at: (t) => Math.cos(t * QUARTER_TURN) },
  half_cosine_down: { label: 'Half Cosine Down', at: (t) => Math.cos(t) },
  linear_up: { label: 'Linear Up', at: (t) => t },
  cosine_up: { label: 'Cosine Up', at: (t) => 1 - Math.cos(t * QUARTER_TURN) },
  half_cosine_up: { label: 'Half Cosine Up', at: (t) => 1 - Math.cos(t) },
  power_up: { label: 'Power Up', at: (t, value) => t ** value },
  power_down: { label: 'Power Down', at: (t, value) => 1 - t ** value },
  linear_repeating: {
    label: 'Linear Repeating',
    at: (t, value) => Math.abs(0.5 - fraction(t * value)) * 2,
  },
  cosine_repeating: {
    label: 'Cosine Repeating',
    at: (t, value) => Math.cos(t * TURN * value) * 0.5 + 0.5,
  },
  sawtooth: { label: 'Sawtooth', at: (t, value) => fraction(t * value) },
} as const satisfies Record<string, Mode>;

export type ThresholdMode = keyof typeof THRESHOLD_MODES;

export interface ScaleTerms {
  scale: number;
  mode: ThresholdMode;
  /** What it does not go below; counts where the mode is not constant. */
  min: number;
  /** Power, or number of repeats: other modes do not read it. */
  value: number;
  /** The share of the way that is past, from 0; ComfyUI's goes a little past 1. */
  progress: number;
}

/** @see mcmonkey's sd-dynamic-thresholding, DynThresh.interpret_scale */
export function thresholdScale({ scale, mode, min, value, progress }: ScaleTerms): number {
  return (scale - min) * THRESHOLD_MODES[mode].at(progress, value) + min;
}
