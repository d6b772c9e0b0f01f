/** Numbers of a picture that denoisers read beside the text: what is so, unless a graph tells them otherwise. */
import type { ToldNumbers } from '../../../core/families';
import type { Context } from '../text/encode';
import type { UnetRow } from './unet-runner';

/**
 * How beautiful the pictures are that it is led to, and those that it is led away from.
 * @see A1111 modules/shared_options.py sdxl_refiner_high_aesthetic_score, …low…; ComfyUI comfy/model_base.py SDXLRefiner.encode_adm;
 *   diffusers StableDiffusionXLImg2ImgPipeline
 */
const SCORES = { towards: 6, away: 2.5 };

/**
 * @param size  of the picture, in pixels
 * @see ComfyUI comfy/model_base.py encode_adm: whoever tells a size and no target means both
 */
export function toldNumbers(
  order: readonly ToldNumbers[],
  { height, width }: { height: number; width: number },
  {
    context: { told = {} },
    isPositive,
    isEmpty = false,
  }: Pick<UnetRow, 'isPositive' | 'isEmpty'> & { context: Pick<Context, 'told'> },
): number[] {
  const size = told.size ?? [height, width];
  const all: Record<ToldNumbers, readonly number[]> = {
    size,
    crop: told.crop ?? [0, 0],
    target: told.target ?? size,
    score: told.score ?? [isPositive || isEmpty ? SCORES.towards : SCORES.away],
  };
  return order.flatMap((one) => all[one]);
}
