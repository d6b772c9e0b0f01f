/**
 * Kohya's Deep Shrink: from a block of the way down on, maps are smaller, until the way up joins one that was kept before. How much smaller is told
 * at run time; where it is nothing, matrices of ones on the diagonal leave every map as it is.
 * @see ComfyUI comfy_extras/nodes_model_downscale.py PatchModelAddDownscale, comfy/utils.py common_upscale
 */
import { castTo, imageDims, imageSize, times, type Dim, type GraphBuilder, type Value } from '../graph';
import { lineWeights, type InterpolateMode } from '../image/resample';
import { roundHalfEven } from '../math';
import type { ShrinkForm } from './control-form';
import { levelSize, type LatentSize } from './latent-size';
import type { NetworkTensor } from './network';
import type { UnetConfig } from './unet-config';

/** What a call is told, beside the form: see shrinkInputs. */
export const SHRINK = 'shrink';
/** The order of the numbers that stand for them in what a call is told. */
export const SHRINK_MODES = [
  'bicubic',
  'nearest-exact',
  'bilinear',
  'area',
] as const satisfies readonly InterpolateMode[];

type Sizes = Pick<UnetConfig, 'levels' | 'layersPerBlock' | 'downsamplePadding'>;

const HEIGHT = 'shrunk_height';
const WIDTH = 'shrunk_width';

/** Place of the last map that is kept on the way down. */
const lastKept = ({ levels, layersPerBlock }: Pick<Sizes, 'levels' | 'layersPerBlock'>): number =>
  levels.length * (layersPerBlock + 1) - 1;

/** Where no map of the way up is enlarged to the size of a larger one by itself. */
function isGrown({ block, afterSkip }: ShrinkForm, { layersPerBlock, levels }: Sizes): boolean {
  const last = afterSkip ? block : block - 1;
  const isLastOfLevel = last % (layersPerBlock + 1) === layersPerBlock;
  return !isLastOfLevel || last === lastKept({ levels, layersPerBlock });
}

/** What of a U-Net's sizes says which of its maps become smaller. */
export interface ShrunkSizes extends Pick<Sizes, 'layersPerBlock' | 'downsamplePadding'> {
  levels: { readonly length: number };
}

/**
 * Whether what is as large as a map without this is as large as the map itself, for the maps in the order in which they are made, the middle
 * last: only there anything can be added, as ComfyUI does. `kept`: what the way up is given; `running`: before it is made smaller.
 *
 * @param told  as shrinkInputs
 * @see ComfyUI comfy/ldm/modules/diffusionmodules/openaimodel.py apply_control, which leaves out what does not fit
 */
export function wholeMaps(
  told: ArrayLike<number>,
  { levels, layersPerBlock, downsamplePadding }: ShrunkSizes,
  size: LatentSize,
): { kept: boolean; running: boolean }[] {
  const [divisor, , , block, after] = Array.from(told);
  const count = levels.length * (layersPerBlock + 1);
  const levelOf = (place: number): number => Math.floor(Math.min(place, count - 1) / (layersPerBlock + 1));
  const at = (from: LatentSize, level: number): LatentSize => levelSize({ downsamplePadding }, from, level);
  const smaller = shrunkSize(at(size, levelOf(block)), divisor);
  const isSame = (place: number): boolean => {
    const [whole, own] = [at(size, levelOf(place)), at(smaller, levelOf(place) - levelOf(block))];
    return whole.height === own.height && whole.width === own.width;
  };
  return Array.from({ length: count + 1 }, (_, place) => ({
    kept: place < block || (place === block && after === 1) || isSame(place),
    running: place <= block || isSame(place),
  }));
}

const shrunkSize = ({ height, width }: LatentSize, divisor: number): LatentSize => ({
  height: roundHalfEven(height * (1 / divisor)),
  width: roundHalfEven(width * (1 / divisor)),
});

export class DeepShrink {
  readonly #g: GraphBuilder;
  readonly #form: ShrinkForm | undefined;

  constructor(g: GraphBuilder, form?: ShrinkForm) {
    this.#g = g;
    this.#form = form;
  }

  /** @param place  of the map among those that are kept @returns what is kept of it, and what goes on */
  kept(place: number, x: Value): { skip: Value; x: Value } {
    if (place !== this.#form?.block) return { skip: x, x };
    const smaller = this.#scaled(x, 'shrink', { height: HEIGHT, width: WIDTH });
    return { skip: this.#form.afterSkip ? x : smaller, x: smaller };
  }

  /** The map from below, as large as what was kept. */
  grown(x: Value, skip: Value): Value {
    const [from, to] = [imageSize(this.#g, x), imageSize(this.#g, skip)];
    if (!this.#form || (from.height === to.height && from.width === to.width)) return x;
    return this.#scaled(x, 'grow', to);
  }

  /** By a matrix for each direction. */
  #scaled(x: Value, way: 'shrink' | 'grow', { height, width }: { height: Dim; width: Dim }): Value {
    const g = this.#g;
    const { batch, channels, ...from } = imageSize(g, x);
    const rows = g.wideInput(`${way}_rows`, [1, `${way}_rows_to`, `${way}_rows_from`]);
    const columns = g.wideInput(`${way}_columns`, [1, `${way}_columns_to`, `${way}_columns_from`]);
    const wide = castTo(g, x, 'float32');
    const product = (a: Value, b: Value, dims: readonly Dim[]): Value =>
      g.node('MatMul', { inputs: [a, b], outputs: [dims], type: 'float32' })[0];
    const shaped = (value: Value, dims: readonly Dim[], shape: readonly number[]): Value =>
      g.node('Reshape', { inputs: [value, g.integers(...shape)], outputs: [dims], type: 'float32' })[0];
    const outputs = imageDims(g, { batch, channels, height, width });
    if (g.target === 'webgpu') {
      // [b, h, w, c]: rows first, over all that stands in one
      const lines = shaped(wide, [batch, from.height, times(from.width, channels)], [0, 0, -1]);
      const down = product(rows, lines, [batch, height, times(from.width, channels)]);
      const points = shaped(down, [batch, height, from.width, channels], [0, 0, -1, channels]);
      return castTo(g, product(columns, points, outputs), g.activations);
    }
    const turned = g.node('Transpose', {
      inputs: [columns],
      attributes: { perm: [0, 2, 1] },
      outputs: [[1, from.width, width]],
      type: 'float32',
    })[0];
    const across = product(wide, turned, [batch, channels, from.height, width]);
    return castTo(g, product(rows, across, outputs), g.activations);
  }
}

/** [1, to, from] */
function matrix(from: number, to: number, mode: InterpolateMode): NetworkTensor {
  return { data: Float32Array.from(lineWeights(from, to, { mode })), dims: [1, to, from] };
}

/**
 * The graph's inputs.
 *
 * @param told  by how much sides are divided (1: by nothing), ways of scaling down and up, the block, and whether that is after it is kept: 0 or 1
 */
export function shrinkInputs(told: ArrayLike<number>, config: Sizes, size: LatentSize): Record<string, NetworkTensor> {
  const [divisor, down, up, block, after] = Array.from(told);
  const form: ShrinkForm = { block, afterSkip: after === 1 };
  const from = levelSize(config, size, Math.floor(block / (config.layersPerBlock + 1)));
  const to = shrunkSize(from, divisor);
  const inputs = {
    shrink_rows: matrix(from.height, to.height, SHRINK_MODES[down]),
    shrink_columns: matrix(from.width, to.width, SHRINK_MODES[down]),
  };
  if (!isGrown(form, config)) return inputs;
  return {
    ...inputs,
    grow_rows: matrix(to.height, from.height, SHRINK_MODES[up]),
    grow_columns: matrix(to.width, from.width, SHRINK_MODES[up]),
  };
}
