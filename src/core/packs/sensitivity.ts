/**
 * How much of what rounding leaves in a weight is seen in what the model makes: the plan that chooses bits gives more to the weights whose errors are seen.
 *
 * Measured on the starter, one tensor at a time in 4 bits (`npm run bench -- bytes --layers`; docs/benchmarks.md): the relative squared error of
 * the U-Net's output (of the decoder's, for its own) over that of the tensor. It spreads over five powers of ten, and goes by the place in the network:
 * what lies near the output, on the way that all else is summed into, is seen most; the middle, and what queries and keys are made of, least. The
 * numbers here are rounded and drawn together towards the middle, for larger networks have more levels than the starter's two.
 */
import { roleOf } from '../networks/components';
import type { PlannedWeight } from './dtype-plans';

type Place = Pick<PlannedWeight, 'component' | 'key' | 'shape'>;

interface Seen {
  fits(place: Place): boolean;
  sensitivity: number;
}

const isKernel = ({ shape }: Place): boolean => shape.length === 4 && shape[2] > 1;
const isEnd = ({ key }: Place): boolean => /\b(conv_in|conv_out|quant_conv|post_quant_conv)\b/.test(key);
const isShortcut = ({ key }: Place): boolean => key.includes('conv_shortcut');

/** Places of a U-Net on its way up. The first that fits decides. */
const PLACES: readonly Seen[] = [
  { fits: isShortcut, sensitivity: 0.5 },
  { fits: isKernel, sensitivity: 0.2 },
  { fits: ({ key }) => /\bto_[qk]\b/.test(key), sensitivity: 0.001 },
  { fits: () => true, sensitivity: 0.03 },
];

/** How much less is seen of the same on the way down and in the middle. */
const SIDES: readonly [RegExp, number][] = [
  [/\bup_blocks\b/, 1],
  [/\bdown_blocks\b/, 0.1],
  [/\bmid_block\b/, 0.03],
];

const firstOf = (places: readonly Seen[], place: Place): number =>
  places.find(({ fits }) => fits(place))?.sensitivity ?? 0.01;

/** @returns relative squared error of the output by that of the weight */
export function sensitivityOf(place: Place): number {
  const role = roleOf(place.component);
  if (role === 'denoiser' || role === 'control') {
    if (isEnd(place)) return 4;
    const side = SIDES.find(([pattern]) => pattern.test(place.key))?.[1] ?? 0.1;
    return side * firstOf(PLACES, place);
  }
  // All that is painted hangs on the text: three times what was measured.
  if (role === 'text') return 0.01;
  if (isEnd(place)) return 0.2;
  return isShortcut(place) ? 0.03 : 0.01;
}
