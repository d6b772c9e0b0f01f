/** OmniSR as files have it: names are ours, but for the biases of places, which are laid out for each pair of pixels here. */
import { AppError } from '../../errors';
import { countOf } from '../published/published';
import { PLANES } from './layers';
import type { FusedTensor, UpscalerFile } from './upscaler-file';

const OURS = /^(input|output|up\.0|residual_layer\.\d+\.)/;
/** What a counter of operations leaves in files, and buffers that are computed. */
const NOT_WEIGHTS = /(total_ops|total_params|rel_pos_indices)$/;
const POSITIONS = '.rel_pos_bias.weight';
const FIRST_BLOCK = 'residual_layer.0.residual_layer.0.layer.';

export const omniSrFile: UpscalerFile = {
  component: 'omnisr_upscaler',
  name: 'an OmniSR',
  signs: [[`${FIRST_BLOCK}0.fn.0.weight`, 'input.weight', 'up.0.weight']],
  rename(tensors) {
    const keys = [...tensors.keys()].filter((key) => OURS.test(key) && !NOT_WEIGHTS.test(key));
    const tables = keys.filter((key) => key.endsWith(POSITIONS));
    return {
      names: new Map(keys.filter((key) => !key.endsWith(POSITIONS)).map((key) => [key, key])),
      fused: new Map(
        tables.map((key) => [`${key.slice(0, -POSITIONS.length)}.positions`, laidOut(key, tensors.get(key)?.shape)]),
      ),
    };
  },
  config(shapes, theirs) {
    const [features = 0, inChannels = 0] = shapes.get('input.weight')?.shape ?? [];
    const [outChannels = 0] = shapes.get('up.0.weight')?.shape ?? [];
    const scale = Math.sqrt(outChannels / PLANES);
    if (inChannels !== PLANES || !Number.isInteger(scale))
      throw new AppError(
        'unsupported-model',
        `this upscaler reads ${inChannels} channels and writes ${outChannels}, not ${PLANES} for each pixel`,
      );
    if (!shapes.has('input.bias'))
      throw new AppError('unsupported-model', 'this OmniSR has no biases, which Gesso does not run');
    const table = theirs.get(`${FIRST_BLOCK}2.fn${POSITIONS}`);
    return {
      ...{ features, scale },
      groups: countOf(shapes, 'residual_layer.'),
      blocks: countOf(shapes, 'residual_layer.0.residual_layer.') - 1, // the last is a convolution
      window: table ? sideOf(table.shape) : USUAL_WINDOW,
      hasPositions: table !== undefined,
    };
  },
};

const USUAL_WINDOW = 8;

/** A table has a row for each distance: (2·side − 1)². */
const sideOf = ([rows = 0]: readonly number[]): number => Math.round((Math.sqrt(rows) + 1) / 2);

/** [(2·side − 1)², heads] → [heads, side², side²]: the bias of each pair of pixels in a window */
function laidOut(key: string, shape: readonly number[] = []): FusedTensor {
  const [side, heads = 0] = [sideOf(shape), shape[1]];
  if (shape[0] !== (2 * side - 1) ** 2) throw new AppError('bad-file', `"${key}" is no table of places`);
  const pixels = side ** 2;
  return {
    shape: [heads, pixels, pixels],
    of: [key],
    compute: ([table]) =>
      Float32Array.from({ length: heads * pixels ** 2 }, (_, at) => {
        const [head, from, to] = [Math.floor(at / pixels ** 2), Math.floor(at / pixels) % pixels, at % pixels];
        const down = Math.floor(from / side) - Math.floor(to / side) + side - 1;
        const across = (from % side) - (to % side) + side - 1;
        return table[(down * (2 * side - 1) + across) * heads + head];
      }),
  };
}
